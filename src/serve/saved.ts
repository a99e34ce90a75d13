import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { parseRecord, type ModuleRecord } from "../netboot/record.ts";
import { digestsOf } from "../system/digests.ts";
import { exists, isCode, readText } from "../system/files.ts";
import { tryLock, type Lock } from "../system/lock.ts";

/** The two files of a saved module: its content, and what it is and stands on. */
export type Kind = "squashfs" | "module";

/** A file that somebody sends. */
export interface Sending {
  readonly name: string;
  readonly kind: Kind;
  /** What is there already is only replaced when that is asked for, and then it must be there. */
  readonly replace: boolean;
  readonly content: AsyncIterable<Uint8Array>;
  /** The most bytes that are taken. */
  readonly limit: number;
}

/** Why a file was not taken, as an HTTP status and in words. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A folder that saved modules are kept in. A file in it is whole and on the disk, or not there. */
export class SavedModules {
  readonly path: string;
  readonly #busy = new Set<string>();
  constructor(path: string) {
    this.path = path;
  }

  /** Have the folder to ourselves until this is disposed of, and throw away what a run left half-written that was killed. */
  async hold(signal: AbortSignal): Promise<Lock> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    // Not the folder itself, which builds lock that change something in it: they would wait for us to end.
    const file = join(this.path, ".lock");
    await (await open(file, "a", 0o600)).close(); // flock(1) does not say why it cannot.
    const lock = await tryLock(file, signal);
    signal.throwIfAborted();
    if (lock === undefined)
      throw new Failure("busy", `another livewright keeps what guests send in ${this.path}`, {
        remedy: "end it, or name another folder with --uploads",
      });
    for (const name of await readdir(this.path)) if (isDraft(name)) await rm(join(this.path, name), { force: true });
    return lock;
  }

  /** Keep a file. Returns whether the module is complete with it. */
  async keep(sending: Sending): Promise<{ readonly bytes: number; readonly complete: boolean }> {
    const { name, kind, replace } = sending;
    if (this.#busy.has(name)) throw new Refusal(409, `${name} is being sent by somebody else right now`);
    this.#busy.add(name);
    try {
      const to = this.#file(name, kind);
      if ((await exists(to)) !== replace) throw replace ? notThere() : alreadyThere();
      const draft = join(this.path, `.${name}.${kind}.${randomUUID()}${partial}`);
      try {
        const { bytes, sha256 } = await written(draft, sending);
        await this.#check(sending, draft, { bytes, sha256 });
        await this.#publish(draft, to, sending);
        return { bytes, complete: await exists(this.#file(name, kind === "module" ? "squashfs" : "module")) };
      } finally {
        await rm(draft, { force: true });
      }
    } catch (error) {
      throw isCode(error, "ENOSPC") || isCode(error, "EDQUOT")
        ? new Refusal(507, "there is no room left for it")
        : error;
    } finally {
      this.#busy.delete(name);
    }
  }

  #file = (name: string, kind: Kind): string => join(this.path, `${name}.${kind}`);

  /** Whichever of the two comes second has to fit the first. */
  async #check({ name, kind, replace }: Sending, draft: string, { bytes, sha256 }: Sum): Promise<void> {
    if (kind === "squashfs") {
      if ((await firstBytes(draft, 4)) !== "hsqs") throw new Refusal(422, "it is no squashfs");
      const record = this.#file(name, "module");
      if (replace || !(await exists(record))) return;
      refuseOther(recordIn(await readText(record)), { bytes, sha256 });
    } else {
      if (bytes > longestRecord) throw new Refusal(413, "a record is not that long");
      const record = recordIn(await readText(draft));
      if (record.name !== name) throw new Refusal(422, `it is the record of ${record.name}, not of ${name}`);
      const content = this.#file(name, "squashfs");
      if (!(await exists(content))) return;
      const [found = ""] = await digestsOf(content, ["sha256"]);
      refuseOther(record, { bytes: (await stat(content)).size, sha256: found });
    }
  }

  async #publish(draft: string, to: string, { name, kind, replace }: Sending): Promise<void> {
    // A new content makes what was said of the old one untrue, and it must not be believed for a moment.
    if (replace && kind === "squashfs") await rm(this.#file(name, "module"), { force: true });
    if (replace) await rename(draft, to);
    else
      await link(draft, to).catch((error: unknown) => {
        throw isCode(error, "EEXIST") ? alreadyThere() : error;
      });
    await using folder = await open(this.path, "r");
    await folder.sync();
  }
}

interface Sum {
  readonly bytes: number;
  readonly sha256: string;
}

const partial = ".partial";
const isDraft = (name: string): boolean => name.startsWith(".") && name.endsWith(partial);

/** Far more than the digests of a long chain take. */
const longestRecord = 100_000;

const alreadyThere = (): Refusal =>
  new Refusal(409, "it is there already: choose another name, or replace it with the header If-Match: *");

/** RFC 9110, 13.1.1. */
const notThere = (): Refusal => new Refusal(412, "it is not there to be replaced: send it without the header If-Match");

async function written(draft: string, { content, limit }: Sending): Promise<Sum> {
  const hash = createHash("sha256");
  let bytes = 0;
  await using file = await open(draft, "wx", 0o600); // Password hashes and keys may be in it.
  for await (const piece of content) {
    bytes += piece.byteLength;
    if (bytes > limit) throw new Refusal(413, `more than ${String(limit)} bytes are not taken`);
    hash.update(piece);
    await whole(file, piece);
  }
  await file.sync();
  return { bytes, sha256: hash.digest("hex") };
}

async function whole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.byteLength;) at += (await file.write(piece, at)).bytesWritten;
}

async function firstBytes(path: string, count: number): Promise<string> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
  return buffer.toString("latin1", 0, bytesRead);
}

function recordIn(text: string): ModuleRecord {
  try {
    return parseRecord(text, "the record");
  } catch (error) {
    if (error instanceof Failure) throw new Refusal(422, error.message);
    throw error;
  }
}

function refuseOther(record: ModuleRecord, { bytes, sha256 }: Sum): void {
  if (record.sha256 === sha256 && record.bytes === bytes) return;
  throw new Refusal(
    422,
    `the record is about ${String(record.bytes)} bytes with sha256 ${record.sha256}, the module has ${String(bytes)} with ${sha256}`,
  );
}
