import { blockSize, padding, type TarEntry } from "./entry.ts";
import { beforeNul, broken, extensions, parseHeader, paxRecords, toEntry, type Header } from "./header.ts";

/** Told of a tar's members in order: each entry and where its content begins, then that piece by piece, then its end. */
export interface TarVisitor {
  entry(entry: TarEntry, at: number): void;
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
  /** Bytes of the stream behind us. */
  #at = 0;
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
      this.#at += used;
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
    this.#visitor.entry(entry, this.#at + blockSize);
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
