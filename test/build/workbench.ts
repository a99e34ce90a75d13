import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FrozenArchive } from "../../src/archive/frozen.ts";
import { Cache } from "../../src/build/cache.ts";
import type { Site } from "../../src/build/site.ts";
import type { Event } from "../../src/events.ts";
import type { Facts } from "../../src/plan/facts.ts";

/** A folder with fake tools first on PATH, a cache, and a record of what was reported. */
export interface Workbench extends AsyncDisposable {
  readonly folder: string;
  readonly events: Event[];
  readonly stop: AbortController;
  readonly site: Site;
  readonly left: () => Promise<readonly string[]>;
  /** The same cache as another process sees it. */
  readonly fresh: () => Cache;
}

export async function workbench(tools: Readonly<Record<string, string>>): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), "workbench "));
  await mkdir(join(folder, "bin"));
  for (const [name, body] of Object.entries(tools)) {
    await writeFile(join(folder, "bin", name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, "bin", name), 0o755);
  }
  const path = process.env["PATH"];
  process.env["PATH"] = `${join(folder, "bin")}:/usr/bin:/bin`;
  const events: Event[] = [];
  const stop = new AbortController();
  const site: Site = {
    cache: new Cache(join(folder, "cache")),
    archive: new FrozenArchive(join(folder, "cache"), { releases: [], architecture: "amd64", offline: true }),
    roots: { program: join(import.meta.dirname, "../.."), demo: folder },
    secrets: {},
    mirrors: { main: "http://archive.example/debian" },
    epoch: 1_700_000_000,
    log: () => undefined,
    logFile: join(folder, "build.log"),
    report: (event) => void events.push(event),
    signal: stop.signal,
    keepFailed: false,
    jobs: 2,
  };
  return {
    folder,
    events,
    stop,
    site,
    fresh: () => new Cache(join(folder, "cache")),
    left: async () => (await readdir(join(folder, "cache/drafts")).catch(() => [])).sort(),
    async [Symbol.asyncDispose]() {
      process.env["PATH"] = path;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What planning is told in tests: nothing of this machine. */
export const facts = (more: Partial<Facts> = {}): Facts => ({
  digests: { "secret:user": "0".repeat(64) },
  versions: {},
  hooks: {},
  archive: {
    codename: "bookworm",
    release: "12",
    epoch: 1_700_000_000,
    releases: [
      {
        role: "main",
        url: "http://archive.example/debian",
        suite: "bookworm",
        components: ["main"],
        digest: "a".repeat(64),
        keyring: "/usr/share/keyrings/debian-archive-keyring.gpg",
        date: 1_700_000_000,
      },
    ],
  },
  ...more,
});
