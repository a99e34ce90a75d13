import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Failure } from "../failure.ts";
import { lock } from "../system/lock.ts";
import { run } from "../system/process.ts";
import { downloads, fetchFault } from "../tools/apt.ts";
import type { ArchiveFile } from "./indices.ts";
import { called, elsewhere, type Lock } from "./lock.ts";
import type { Pool } from "./pool.ts";

/** A file that is wanted in the pool, and the path under its archive's address to ask for. */
export interface Wished extends ArchiveFile {
  readonly from: string;
}

export interface Telling {
  readonly signal: AbortSignal;
  /** One line of a tool's output. */
  readonly line: (text: string) => void;
  /** What is going on, as one phrase. */
  readonly progress: (text: string) => void;
  readonly warn: (text: string) => void;
}

interface Supply extends Telling {
  readonly pool: Pool;
  /** Address of each archive by role. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly offline: boolean;
  readonly lock: Lock | undefined;
}

/** So many at once that the command line stays short; apt itself fetches several of them at a time. */
const batch = 250;

/** So many are read at once: a disk answers eight almost as soon as one. */
const atOnce = 8;

/** Fetch what the pool lacks. Builds take turns, so that none fetches what another is fetching. */
export async function obtain(files: readonly Wished[], supply: Supply): Promise<void> {
  const { pool, offline, signal, progress } = supply;
  const lacked = await lacking(files, pool);
  if (lacked.length === 0) return;
  await mkdir(pool.root, { recursive: true });
  await using _turn = await lock(join(pool.root, "lock"), signal, () => {
    progress("waiting for another build's downloads");
  });
  const missing = await lacking(lacked, pool);
  if (offline && missing.length > 0) throw notHere(missing);
  for (let at = 0; at < missing.length; at += batch)
    await fetched(missing.slice(at, at + batch), { at, of: missing.length }, supply);
}

async function lacking(files: readonly Wished[], pool: Pool): Promise<readonly Wished[]> {
  const unique = [...new Map(files.map((file) => [file.sha256, file])).values()];
  const missing = new Set<Wished>();
  const left = unique.values();
  const look = async (): Promise<void> => {
    for (const file of left) if (!(await pool.has(file.sha256))) missing.add(file);
  };
  await Promise.all(Array.from({ length: atOnce }, look));
  return unique.filter((file) => missing.has(file));
}

async function fetched(
  files: readonly Wished[],
  { at, of }: { readonly at: number; readonly of: number },
  { pool, addresses, lock: locked, signal, line, progress }: Supply,
): Promise<void> {
  const asked = await Promise.all(
    files.map(async (file) => ({
      ...file,
      url: `${addresses[file.role] ?? ""}/${file.from.split("/").map(encodeURIComponent).join("/")}`,
      to: await pool.draft(),
    })),
  );
  let count = at;
  const onLine = (text: string): void => {
    line(text);
    const file = asked.find(({ url }) => url === /^Get:\d+ (\S+)/.exec(text)?.[1]);
    if (file === undefined) return;
    count += 1;
    progress(`downloading ${String(count)} of ${String(of)}: ${basename(file.path)}`);
  };
  let fault: Failure | undefined;
  try {
    const { tool, args } = downloads(asked);
    await run({ tool, args, signal, onLine });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "step-failed") throw error;
    fault = error;
  }
  const lost: (Wished & { readonly url: string })[] = [];
  for (const file of asked) if (!(await pool.take(file.to, file.sha256))) lost.push(file);
  if (lost.length > 0) throw notServed(lost, locked, fault);
}

const listed = (names: readonly string[]): string =>
  [...names.slice(0, 5), ...(names.length > 5 ? [`and ${String(names.length - 5)} more`] : [])].join("\n  ");

const notHere = (files: readonly Wished[]): Failure =>
  new Failure(
    "host-unready",
    `nothing is fetched with --offline, and the cache lacks:\n  ${listed(files.map(({ path }) => path))}`,
    { remedy: "do the same once without --offline" },
  );

/** What an archive no longer has it dropped; what is not what was signed somebody changed; all else may be there tomorrow. */
function notServed(
  lost: readonly { readonly url: string }[],
  locked: Lock | undefined,
  fault: Failure | undefined,
): Failure {
  const urls = listed(lost.map(({ url }) => url));
  switch (fetchFault(fault?.message ?? "")) {
    case "absent":
      return locked !== undefined
        ? new Failure(
            "host-unready",
            `the archive has dropped what ${called(locked)} names, and the cache lacks it:\n  ${urls}`,
            {
              remedy: elsewhere(locked),
              cause: fault,
            },
          )
        : new Failure("transient", `the archive does not serve what its signed lists name:\n  ${urls}`, {
            remedy: "it was changing, or it is incomplete: try again later, or name another with --mirror",
            cause: fault,
          });
    case "changed":
      return new Failure("verification-failed", `what the archive serves is not what was signed:\n  ${urls}`, {
        remedy: "try again later, or name another archive with --mirror",
        cause: fault,
      });
    case "unreachable":
      return new Failure("transient", `could not be fetched:\n  ${urls}\n${fault?.message ?? ""}`, {
        remedy: "try again later, check the network and apt's proxy, or name another archive with --mirror",
        cause: fault,
      });
  }
}
