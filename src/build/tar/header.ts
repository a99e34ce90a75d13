import { Failure } from "../../failure.ts";
import { blockSize, typeFlags, xattrKeyword, type TarEntry, type TarType } from "./entry.ts";

/** A member's own block, before the extended headers that came ahead of it have their say. */
export interface Header extends Omit<TarEntry, "type" | "xattrs" | "target"> {
  readonly flag: string;
  readonly target: string;
}

/** Headers about the next member: pax, pax for all that follow, GNU long name and long link. */
export const extensions = new Set(["x", "g", "L", "K"]);

const types = new Map<string, TarType>([
  ...Object.entries(typeFlags).map(([type, flag]) => [flag, type as TarType] as const),
  ["\0", "file"],
  ["7", "file"],
]);

export function parseHeader(block: Buffer): Header {
  if (headerSum(block) !== number(block, 148, 8)) throw broken("has a header with a wrong checksum");
  const posix = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix ? text(block, 345, 155) : "";
  return {
    path: (prefix === "" ? "" : `${prefix}/`) + text(block, 0, 100),
    flag: block.toString("latin1", 156, 157),
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    target: text(block, 157, 100),
    device: [number(block, 329, 8), number(block, 337, 8)],
  };
}

/** The checksum's own eight bytes count as spaces. */
function headerSum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < blockSize; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}

export function toEntry(header: Header, pax: ReadonlyMap<string, Buffer>): TarEntry {
  const type = types.get(header.flag);
  if (type === undefined) throw broken(`has a member of a kind not known, ${JSON.stringify(header.flag)}`);
  const told = (keyword: string): string | undefined => pax.get(keyword)?.toString("latin1");
  const count = (keyword: string, otherwise: number): number => {
    const value = Number(told(keyword) ?? otherwise);
    if (!Number.isFinite(value)) throw broken(`has a pax record ${keyword} that is no number`);
    return value;
  };
  if (told("GNU.sparse.major") !== undefined) throw broken("has a sparse member");
  const target = told("linkpath") ?? header.target;
  return {
    path: plain(told("path") ?? header.path),
    type,
    mode: header.mode,
    uid: count("uid", header.uid),
    gid: count("gid", header.gid),
    size: type === "file" ? count("size", header.size) : 0,
    mtime: count("mtime", header.mtime),
    ...(type === "symlink" ? { target } : type === "link" ? { target: plain(target) } : {}),
    ...(header.device !== undefined && (type === "character" || type === "block") ? { device: header.device } : {}),
    xattrs: xattrsOf(pax),
  };
}

function xattrsOf(pax: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const xattrs = new Map<string, Buffer>();
  for (const [keyword, value] of pax)
    if (keyword.startsWith(xattrKeyword)) xattrs.set(keyword.slice(xattrKeyword.length), value);
  return xattrs;
}

/** "12 path=abc\n", again and again; the number counts the whole record, itself included. */
export function* paxRecords(body: Buffer): Generator<[string, Buffer]> {
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString("latin1", at, Math.max(space, at)));
    const equals = body.indexOf(0x3d, space);
    const end = at + length;
    if (!(length > 0) || end > body.length || equals < 0 || equals >= end || body[end - 1] !== 0x0a)
      throw broken("has a pax header that cannot be read");
    yield [body.toString("latin1", space + 1, equals), Buffer.from(body.subarray(equals + 1, end - 1))];
    at = end;
  }
}

/** Octal text, or, as GNU tar writes what does not fit, binary after a byte with its top bit set. */
function number(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if (first === 0x80 || first === 0xff) {
    const value = block.subarray(at + 1, at + length).reduce((total, byte) => total * 256 + byte, 0);
    return first === 0xff ? value - 256 ** (length - 1) : value;
  }
  const digits = text(block, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw broken("has a header with a number that cannot be read");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

const text = (block: Buffer, at: number, length: number): string =>
  beforeNul(block.subarray(at, at + length)).toString("latin1");

export function beforeNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

/** "./etc/" and "/etc" are "etc"; "./" is ".". */
const plain = (path: string): string => path.replace(/^(\.?\/)+/, "").replace(/\/+$/, "") || ".";

export const broken = (what: string): Failure => new Failure("verification-failed", `the tar stream ${what}`);
