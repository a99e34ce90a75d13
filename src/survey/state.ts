import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { called, elsewhere, type Lock } from "../archive/lock.ts";
import { Pool } from "../archive/pool.ts";
import { Failure } from "../failure.ts";
import { exists, publish, readText, write } from "../system/files.ts";
import { fetchFile } from "./fetch.ts";

/** Which state of an archive is asked for, and where the states that were seen before are kept. */
export interface StateWish {
  readonly cache: string;
  /** Builds that must not reach the network take the state that was seen last. */
  readonly offline?: boolean | undefined;
  readonly lock?: Lock | undefined;
  readonly signal: AbortSignal;
}

/** A suite's InRelease file, not believed yet: the locked one, or the present one. Undefined if the archive has none. */
export async function releaseFile(address: string, role: string, wish: StateWish): Promise<Buffer | undefined> {
  const { cache, lock, offline, signal } = wish;
  const locked = lock?.releases.find((each) => each.role === role);
  const known = locked?.digest ?? (offline === true ? await lastSeen(address, cache) : undefined);
  const pool = new Pool(cache);
  if (known !== undefined && (await pool.has(known))) return readFile(pool.path(known));
  if (offline === true)
    throw new Failure("host-unready", `nothing is fetched with --offline, and the cache lacks ${address}`, {
      remedy: "do the same once without --offline",
    });
  const file = await fetchFile(address, signal);
  if (lock !== undefined && locked !== undefined && file !== undefined && digestOf(file) !== locked.digest)
    throw goneOn(address, locked.digest, lock);
  return file;
}

/** Keep a file that was believed, and remember it as the latest of its address. */
export async function keepRelease(address: string, file: Buffer, { cache, lock }: StateWish): Promise<void> {
  const pool = new Pool(cache);
  const digest = await pool.add(file);
  if (lock !== undefined || (await lastSeen(address, cache)) === digest) return;
  const draft = await pool.draft();
  await write(draft, `${digest}\n`);
  await publish(draft, noteOf(address, cache));
}

async function lastSeen(address: string, cache: string): Promise<string | undefined> {
  const note = noteOf(address, cache);
  return (await exists(note)) ? (await readText(note)).trim() : undefined;
}

const noteOf = (address: string, cache: string): string =>
  join(cache, "pool", "seen", createHash("sha256").update(address).digest("hex"));

const digestOf = (file: Buffer): string => createHash("sha256").update(file).digest("hex");

const goneOn = (address: string, digest: string, lock: Lock): Failure =>
  new Failure(
    // A recipe.lock that no archive agrees with may be forged; what a build saw is merely past.
    lock.recorded === undefined ? "verification-failed" : "host-unready",
    `${called(lock)} names a Release file that is neither in the cache nor what ${address} is now: sha256 ${digest}`,
    { remedy: elsewhere(lock) },
  );
