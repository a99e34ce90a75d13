import { blockSize, padding, typeFlags, xattrKeyword, type TarEntry } from "./entry.ts";

/**
 * The one way we write a member's header: ustar where everything fits, with a pax header before it for what does not and
 * for extended attributes, sorted by name. So the same entry has the same bytes, whichever tar it was read from.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const path = spelled(entry);
  const target = entry.type === "link" && entry.target !== undefined ? `./${entry.target}` : (entry.target ?? "");
  const records: [string, Buffer][] = [
    ...(path.length > 100 ? [["path", latin1(path)] as [string, Buffer]] : []),
    ...(target.length > 100 ? [["linkpath", latin1(target)] as [string, Buffer]] : []),
    ...outsized("uid", entry.uid, 7),
    ...outsized("gid", entry.gid, 7),
    ...outsized("size", entry.size, 11),
    ...[...entry.xattrs].map(([name, value]): [string, Buffer] => [xattrKeyword + name, value]),
  ];
  const main = ustar({ ...entry, path, target, flag: typeFlags[entry.type] });
  return records.length === 0 ? main : Buffer.concat([...paxHeader(records), main]);
}

/** What follows content of that size, up to the next block. */
export const tarPadding = (size: number): Buffer => Buffer.alloc(padding(size));

/** Two blocks of zeros. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * blockSize);

/** As GNU tar spells the members of ".". */
function spelled({ path, type }: TarEntry): string {
  if (path === ".") return "./";
  return `./${path}${type === "directory" ? "/" : ""}`;
}

function outsized(keyword: string, value: number, digits: number): [string, Buffer][] {
  return value < 8 ** digits ? [] : [[keyword, latin1(String(value))]];
}

function paxHeader(records: readonly [string, Buffer][]): Buffer[] {
  const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = Buffer.concat(sorted.map(([keyword, value]) => paxRecord(keyword, value)));
  const head = ustar({
    path: "././@PaxHeader",
    target: "",
    flag: "x",
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: body.length,
  });
  return [head, body, tarPadding(body.length)];
}

/** The length counts its own digits. */
function paxRecord(keyword: string, value: Buffer): Buffer {
  const rest = keyword.length + value.length + 3;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length += 1;
  return Buffer.concat([latin1(`${String(length)} ${keyword}=`), value, latin1("\n")]);
}

type Header = Pick<TarEntry, "path" | "mode" | "uid" | "gid" | "mtime" | "size" | "device"> & {
  readonly target: string;
  readonly flag: string;
};

function ustar({ path, mode, uid, gid, size, mtime, flag, target, device = [0, 0] }: Header): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(path.slice(0, 100), 0, "latin1");
  block.write(octal(mode, 7), 100);
  block.write(octal(uid, 7), 108);
  block.write(octal(gid, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(mtime, 11), 136);
  block.write(" ".repeat(8), 148);
  block.write(flag, 156);
  block.write(target.slice(0, 100), 157, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  block.write(octal(device[0], 7), 329);
  block.write(octal(device[1], 7), 337);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

/** What does not fit is told by a pax record, and the field left at 0. */
const octal = (value: number, digits: number): string =>
  (value < 8 ** digits ? value : 0).toString(8).padStart(digits, "0");

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
