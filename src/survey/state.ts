import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { called, elsewhere, type Lock } from "../archive/lock.ts";
import { Pool } from "../archive/pool.ts";
import { Failure } from "../failure.ts";
import { exists, publish, readText, write } from "../system/files.ts";
import type { HostApt } from "./apt.ts";
import { fetchFile, type Fetched } from "./fetch.ts";

/** Which state of an archive is asked for, and where the states that were seen before are kept. */
export interface StateWish {
  readonly cache: string;
  /** Builds that must not reach the network take the state that was seen last. */
  readonly offline?: boolean | undefined;
  readonly lock?: Lock | undefined;
  readonly signal: AbortSignal;
}

/**
 * A suite's InRelease file, not believed yet: the locked one, or the present one. Undefined if the archive has none. What is
 * kept already is not sent again.
 */
export async function releaseFile(
  address: string,
  role: string,
  { cache, lock, offline, apt }: StateWish & { readonly apt: HostApt },
): Promise<Fetched | undefined> {
  const locked = lock?.releases.find((each) => each.role === role);
  const last = await lastSeen(address, cache);
  const known = locked === undefined ? last : { digest: locked.digest };
  const kept = await keptFile(known, cache);
  if (kept !== undefined && (locked !== undefined || offline === true)) return kept;
  if (offline === true)
    throw new Failure("host-unready", `nothing is fetched with --offline, and the cache lacks ${address}`, {
      remedy: "do the same once without --offline",
    });
  const answer = await fetchFile({ url: address, since: kept?.modified }, apt);
  if (answer === "absent") return undefined;
  if (answer !== "unchanged") {
    if (lock !== undefined && locked !== undefined && digestOf(answer.file) !== locked.digest)
      throw goneOn(address, locked.digest, lock);
    return answer;
  }
  if (kept === undefined) throw unasked(address);
  return kept;
}

/** Keep a file that was believed, and remember it as the latest of its address. */
export async function keepRelease(
  address: string,
  { file, modified }: Fetched,
  { cache, lock }: StateWish,
): Promise<void> {
  const pool = new Pool(cache);
  const last = await lastSeen(address, cache);
  const digest = digestOf(file);
  if (last?.digest !== digest || !(await pool.has(digest))) await pool.add(file);
  if (lock !== undefined || (last?.digest === digest && last.modified === modified)) return;
  const draft = await pool.draft();
  await write(draft, `${digest}\n${modified === undefined ? "" : `${modified}\n`}`);
  await publish(draft, noteOf(address, cache));
}

/** The state of an address that was believed last: its digest and, on the next line, when the archive said it had changed. */
interface Seen {
  readonly digest: string;
  readonly modified?: string | undefined;
}

async function lastSeen(address: string, cache: string): Promise<Seen | undefined> {
  const note = noteOf(address, cache);
  if (!(await exists(note))) return undefined;
  const [digest = "", modified = ""] = (await readText(note)).split("\n");
  return { digest, modified: modified === "" ? undefined : modified };
}

async function keptFile(known: Seen | undefined, cache: string): Promise<Fetched | undefined> {
  const pool = new Pool(cache);
  if (known === undefined || !(await pool.has(known.digest))) return undefined;
  return { file: await readFile(pool.path(known.digest)), modified: known.modified };
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

const unasked = (address: string): Failure =>
  new Failure("transient", `${address} is said not to have changed, although nobody asked that`, {
    remedy: "check apt's proxy, or name another archive with --mirror",
  });
