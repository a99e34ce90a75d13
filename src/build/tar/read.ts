import { Failure } from "../../failure.ts";
import { blockSize, padding, typeFlags, xattrKeyword, type TarEntry, type TarType } from "./entry.ts";

/** Told of a tar's members in order: each entry, then its content piece by piece, then its end. */
export interface TarVisitor {
  entry(entry: TarEntry): void;
  content(piece: Buffer): void;
  end(): void;
}

/**
 * Reads ustar, pax and GNU tars as they stream by. Written for the output of our own tools; it never writes a file,
 * and what it does not know it refuses. Calls are synchronous: a generator a member would cost more than the hashing.
 */
export class TarReader {
  readonly #visitor: TarVisitor;
  /** Bytes of an unfinished block or extended header. */
  #held: Buffer = Buffer.alloc(0);
  #state: "header" | "extended" | "content" | "padding" | "ended" = "header";
  #left = 0;
  #pad = 0;
  #extended: Header | undefined;
  #pax = new Map<string, Buffer>();
  #always = new Map<string, Buffer>();

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  push(chunk: Buffer): void {
    let data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (data.length > 0) {
      const used = this.#take(data);
      if (used === 0) break;
      data = data.subarray(used);
    }
    this.#held = data;
  }

  /** A tar ends with a block of zeros; without it, it was cut. */
  finish(): void {
    if (this.#state !== "ended") throw broken("ends in the middle");
  }

  /** Consume the next part of what is there; 0 when more is needed. */
  #take(data: Buffer): number {
    switch (this.#state) {
      case "header":
        return data.length < blockSize ? 0 : this.#header(data.subarray(0, blockSize));
      case "extended":
        return data.length < this.#left + this.#pad ? 0 : this.#extension(data.subarray(0, this.#left));
      case "content": {
        const used = Math.min(data.length, this.#left);
        this.#visitor.content(data.subarray(0, used));
        this.#left -= used;
        if (this.#left === 0) this.#endContent();
        return used;
      }
      case "padding": {
        const used = Math.min(data.length, this.#pad);
        this.#pad -= used;
        if (this.#pad === 0) this.#state = "header";
        return used;
      }
      case "ended":
        return data.length;
    }
  }

  #header(block: Buffer): number {
    if (block[0] === 0 && block.every((byte) => byte === 0)) {
      this.#state = "ended";
      return blockSize;
    }
    const header = parseHeader(block);
    if (extensions.has(header.flag)) {
      this.#extended = header;
      this.#left = header.size;
      this.#pad = padding(header.size);
      this.#state = "extended";
      return blockSize;
    }
    const entry = toEntry(header, new Map([...this.#always, ...this.#pax]));
    this.#pax = new Map();
    this.#visitor.entry(entry);
    this.#left = entry.size;
    this.#pad = padding(entry.size);
    if (this.#left === 0) this.#endContent();
    else this.#state = "content";
    return blockSize;
  }

  #extension(body: Buffer): number {
    const flag = this.#extended?.flag;
    if (flag === "x") for (const [keyword, value] of paxRecords(body)) this.#pax.set(keyword, value);
    else if (flag === "g") for (const [keyword, value] of paxRecords(body)) this.#always.set(keyword, value);
    else this.#pax.set(flag === "L" ? "path" : "linkpath", beforeNul(body));
    this.#state = "header";
    return this.#left + this.#pad;
  }

  #endContent(): void {
    this.#visitor.end();
    this.#state = this.#pad === 0 ? "header" : "padding";
  }
}

interface Header extends Omit<TarEntry, "type" | "xattrs" | "target"> {
  readonly flag: string;
  readonly target: string;
}

/** Headers about the next member: pax, pax for all that follow, GNU long name and long link. */
const extensions = new Set(["x", "g", "L", "K"]);

const types = new Map<string, TarType>([
  ...Object.entries(typeFlags).map(([type, flag]) => [flag, type as TarType] as const),
  ["\0", "file"],
  ["7", "file"],
]);

function parseHeader(block: Buffer): Header {
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

function toEntry(header: Header, pax: ReadonlyMap<string, Buffer>): TarEntry {
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
function* paxRecords(body: Buffer): Generator<[string, Buffer]> {
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

function beforeNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

/** "./etc/" and "/etc" are "etc"; "./" is ".". */
const plain = (path: string): string => path.replace(/^(\.?\/)+/, "").replace(/\/+$/, "") || ".";

const broken = (what: string): Failure => new Failure("verification-failed", `the tar stream ${what}`);
