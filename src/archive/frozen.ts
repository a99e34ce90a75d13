import { createHash } from "node:crypto";
import { link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import type { ReleaseFacts } from "../plan/facts.ts";
import { exists, noteUse, readText } from "../system/files.ts";
import { byHash, indicesOf, type ArchiveFile } from "./indices.ts";
import { judgeIndices, judgePackages } from "./fit.ts";
import type { Lock } from "./lock.ts";
import { obtain, type Telling, type Wished } from "./obtain.ts";
import { Pool } from "./pool.ts";
import { wantedPackages, type WantedPackage } from "./wanted.ts";

/** The archives of a build, each in the one state that its Release file names. */
export interface ArchiveState {
  readonly releases: readonly ReleaseFacts[];
  readonly architecture: string;
  /** Nothing is fetched; what is not in the pool is told. */
  readonly offline: boolean;
  /** What a recipe.lock says must be used. */
  readonly lock?: Lock | undefined;
}

/**
 * A folder laid out like an archive for each role, holding the Release files and indices of one state and as many packages
 * as builds have asked for. It is all that apt and mmdebstrap see: they check its signatures as they would a mirror's, and
 * need no network. Every file is a hard link into the pool.
 */
export class FrozenArchive {
  readonly folder: string;
  readonly #pool: Pool;
  readonly #state: ArchiveState;
  #frozen: Promise<void> | undefined;
  constructor(cache: string, state: ArchiveState) {
    this.#pool = new Pool(cache);
    this.#state = state;
    const named = state.releases.map(({ role, suite, digest }) => [role, suite, digest]);
    this.folder = join(cache, "archives", createHash("sha256").update(JSON.stringify(named)).digest("hex"));
  }

  /** Nothing may be fetched from anywhere. */
  get offline(): boolean {
    return this.#state.offline;
  }

  /** The indices that the signed Release files name. */
  async indices(): Promise<readonly ArchiveFile[]> {
    return (await Promise.all(this.#state.releases.map((release) => this.#indicesOf(release)))).flatMap(
      ({ files }) => files,
    );
  }

  /** This state with the packages that builds took from it, in the words of `apt-get --print-uris`, as a lock. */
  async lockOf(suite: string, printed: readonly string[]): Promise<Lock> {
    const { releases, architecture } = this.#state;
    const packages = printed.flatMap(wantedPackages);
    return { suite, architecture, releases, indices: await this.indices(), packages };
  }

  /** Say that a build goes by this state, whether or not it installs anything. */
  use(): Promise<void> {
    return noteUse(this.folder);
  }

  /** Bring Release files and indices into the folder. Every stage that installs asks for it; it is done once. */
  freeze(telling: Telling): Promise<void> {
    this.#frozen ??= this.#freeze(telling);
    return this.#frozen;
  }

  async #freeze(telling: Telling): Promise<void> {
    const listed = await Promise.all(this.#state.releases.map((release) => this.#indicesOf(release)));
    judgeIndices(
      this.#state.lock,
      listed.flatMap(({ files }) => files),
    );
    const wished = listed.flatMap(({ files, byHash: hashed }) =>
      files.map((file) => ({ ...file, from: hashed ? byHash(file) : file.path })),
    );
    await this.#obtain(wished, telling);
    for (const { role, suite, digest } of this.#state.releases)
      await this.#show({ role, path: `dists/${suite}/InRelease`, sha256: digest, size: 0 });
    for (const file of wished) {
      await this.#show(file);
      await this.#show({ ...file, path: byHash(file) });
    }
    await this.use();
  }

  /** Bring packages into the folder: what `apt-get --print-uris` printed says which. */
  async fetch(printed: string, telling: Telling): Promise<readonly WantedPackage[]> {
    const wanted = wantedPackages(printed);
    for (const text of judgePackages(this.#state.lock, wanted)) telling.warn(text);
    await this.#obtain(
      wanted.map((each) => ({ ...each, from: each.path })),
      telling,
    );
    for (const each of wanted) await this.#show(each);
    return wanted;
  }

  /** Packages that are in the pool, by apt's names for them, in a folder of the caller's. */
  async lay(packages: readonly WantedPackage[], folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const { file, sha256 } of packages) await link(this.#pool.path(sha256), join(folder, file));
  }

  async #indicesOf({ role, suite, components, digest }: ReleaseFacts): Promise<ReturnType<typeof indicesOf>> {
    const path = this.#pool.path(digest);
    if (!(await exists(path))) throw new Failure("bug", `the Release file of ${role} was not kept: ${path}`);
    return indicesOf(await readText(path), { role, suite, components, architecture: this.#state.architecture });
  }

  #obtain(files: readonly Wished[], telling: Telling): Promise<void> {
    const { releases, offline, lock } = this.#state;
    const addresses = Object.fromEntries(releases.map(({ role, url }) => [role, url]));
    return obtain(files, { pool: this.#pool, addresses, offline, lock, ...telling });
  }

  /** Builds may do the same at once: the name changes hands in one step, and whoever comes first is right. */
  async #show({ role, path, sha256 }: ArchiveFile): Promise<void> {
    const kept = this.#pool.path(sha256);
    const shown = join(this.folder, role, path);
    if ((await exists(shown)) && (await stat(shown)).ino === (await stat(kept)).ino) return;
    await mkdir(dirname(shown), { recursive: true, mode: 0o755 });
    const draft = await this.#pool.draft();
    await link(kept, draft);
    await rename(draft, shown);
    await rm(draft, { force: true }); // rename(2) leaves it where both names were one file already.
  }
}
