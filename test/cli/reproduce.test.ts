import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cache } from "../../src/build/cache.ts";
import { beforehand, hooksAsRecorded } from "../../src/cli/beforehand.ts";
import { readBuildRecord, type BuildRecord } from "../../src/cli/build-record.ts";
import { askHost, type Known } from "../../src/cli/prepare.ts";
import { readRecipe } from "../../src/cli/recipe-source.ts";
import { withoutSecrets } from "../../src/plan/media/provenance.ts";
import { livewright, type Circumstances, type Outcome } from "../livewright.ts";
import { recipeFolder } from "../workshop.ts";

const digest = (letter: string): string => letter.repeat(64);
const session = { signal: new AbortController().signal, print: () => undefined, report: () => undefined };

let folder: Awaited<ReturnType<typeof recipeFolder>>;
let cache: string;
beforeEach(async () => {
  folder = await recipeFolder({
    "lessons.yaml": [
      "name: lessons",
      "extends: minimal",
      "user: { name: user, password: live }",
      "layers: [{ name: lessons, packages: [htop], files: overlay/, hooks: [hooks/shorten] }]",
    ].join("\n"),
    "overlay/etc/motd": "welcome\n",
    "hooks/shorten": "#!/bin/sh\n",
  });
  cache = await mkdtemp(join(tmpdir(), "livewright-reproduce-"));
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(cache, { recursive: true });
});

const recipe = (): string => join(folder.path, "lessons.yaml");
const file = (): string => join(folder.path, "lessons.build.json");

const known = async (...set: readonly string[]): Promise<Known> =>
  askHost(await readRecipe(recipe(), set), { cache: new Cache(cache), keepRaw: false, offline: true }, session);

/** What a build of the recipe as it stands would leave, but for what takes a build. */
async function recorded(
  change: (record: Record<string, unknown>) => object = (record) => record,
): Promise<BuildRecord> {
  const { host, loaded, wish } = await known();
  const release = { role: "main", suite: "bookworm", components: ["main"], date: "2026-01-01T00:00:00.000Z" };
  const record = {
    ...{ format: 1, livewright: wish.by, shipped: loaded.shipped, recipe: withoutSecrets(loaded.recipe) },
    iso: { name: "lessons.iso", bytes: 1, sha256: digest("1") },
    ...{ sources: host.digests, hooks: host.hooks, tools: host.versions, files: { "/live/vmlinuz": digest("2") } },
    lock: {
      ...{ format: 1, suite: "bookworm", architecture: "amd64", indices: [], packages: [] },
      releases: [{ ...release, sha256: digest("3") }],
    },
  };
  await writeFile(file(), JSON.stringify(change(record)));
  return readBuildRecord(file());
}

const reproduce = (words: readonly string[], how?: Circumstances): Promise<Outcome> =>
  livewright(["reproduce", file(), ...words, "--cache", cache, "--progress", "plain"], how);

describe("before anything is built", () => {
  test("the recipe that was built, on the same host, has nothing against it", async () => {
    expect(beforehand(await recorded(), await known())).toEqual({ refusals: [], warnings: [] });
  });

  test("a record of a netboot folder is one of the same recipe, whichever media that asks for", async () => {
    const record = await recorded(({ iso: _, ...made }) => ({
      ...made,
      netboot: { name: "lessons.netboot", bytes: 1, sha256: digest("1") },
    }));
    expect(record).toMatchObject({ kind: "netboot", name: "lessons.netboot", sums: { netboot: digest("1") } });
    const host = await known("media=[{ kind: iso }, { kind: netboot }]");
    expect(beforehand(record, host)).toEqual({
      refusals: [],
      warnings: [],
    });
    const elsewhere = { ...host.host, hooks: { "program:hooks/esp": { commit: "0".repeat(40), dirty: false } } };
    const { "program:hooks/esp": _, ...sources } = record.sources;
    const { "program:hooks/esp": __, ...hooks } = record.hooks;
    expect(hooksAsRecorded({ ...record, sources, hooks }, elsewhere)).toBe(hooks);
  });

  test("all that is not as it was is told at once, and refused with status 4", async () => {
    await recorded();
    const text = await readFile(recipe(), "utf8");
    await writeFile(recipe(), text.replace("htop", "nano").replace("password: live", "password: other"));
    await writeFile(join(folder.path, "hooks/shorten"), "#!/bin/sh\nexit 0\n");
    await writeFile(join(folder.path, "overlay/etc/motd"), "goodbye\n");
    const { status, stderr } = await reproduce([recipe(), "--set", "squashfs.level=19"]);
    expect(status).toBe(4);
    expect(stderr).toMatch(/the recipe's layers\[\d\]\.packages\[0\] is "nano", and was "htop"\n/);
    expect(stderr).toContain("the recipe's squashfs.level is 19, and was 4\n");
    for (const path of ["hooks/shorten", "overlay"])
      expect(stderr).toContain(`${join(folder.path, path)} is not what it was\n`);
    expect(stderr).toContain("the password of user is not what it was\n");
    expect(await readdir(join(cache, "drafts")).catch(() => [])).toEqual([]);
  });

  test("other versions of tools and of the program are no obstacle, and told", async () => {
    const record = await recorded((made) => ({
      ...made,
      livewright: "0.0.1",
      tools: { ...(made["tools"] as object), mksquashfs: "squashfs-tools 1:1.0" },
      sources: { ...(made["sources"] as object), "program:hooks/enter": digest("4") },
    }));
    const { refusals, warnings } = beforehand(record, await known());
    expect(refusals).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^this is livewright .*, and 0\.0\.1 built it$/),
      expect.stringMatching(/these are not what they were: hooks\/enter$/),
      expect.stringMatching(
        /these are not what they were: mksquashfs \(squashfs-tools 1:4.*, was squashfs-tools 1:1\.0\)$/,
      ),
    ]);
  });

  test("what no lock can hold is told", async () => {
    const text = await readFile(recipe(), "utf8");
    await writeFile(recipe(), text.replace("files:", "network: true, files:"));
    expect(beforehand(await recorded(), await known()).warnings).toEqual([
      "hooks of the layer lessons reach the network, and may fetch something else by now",
    ]);
  });

  test("a recipe that does not ship must be named", async () => {
    await recorded();
    const { status, stderr } = await reproduce([]);
    expect(status).toBe(2);
    expect(stderr).toContain(`does not ship: lessons\nTry: livewright reproduce ${file()} path/to/lessons.yaml\n`);
  });

  test("the folder that holds the original is not written to", async () => {
    await recorded();
    const { status, stderr } = await reproduce([recipe(), "-o", folder.path]);
    expect(status).toBe(4);
    expect(stderr).toContain("would be replaced");
  });
});

test("the commits of hooks whose bytes are the same are taken from the record, which may know more", async () => {
  const record = await recorded();
  const { host } = await known();
  const bare = { ...host, hooks: {} };
  expect(hooksAsRecorded(record, bare)).toEqual(record.hooks);
  const moved = { ...bare, digests: { ...host.digests, "program:hooks/customize": digest("5") } };
  expect(hooksAsRecorded(record, moved)).toEqual({});
});

const spoilt: readonly (readonly [string, string, RegExp])[] = [
  ["that is not there", "", /cannot be read/],
  ["that is no JSON", "{", /is not JSON/],
  ["of another format", '{"format": 2}', /no build record of a format/],
  ["that is a list", "[]", /livewright is missing[^]*iso\.sha256 is missing[^]*lock: .*is not a map/],
];

test.each(spoilt)("a build record is refused that %s", async (_, text, says) => {
  if (text !== "") await writeFile(file(), text);
  const { status, stderr } = await reproduce([]);
  expect(status).toBe(2);
  expect(stderr).toMatch(says);
});

test("every fault of a build record is told at once", async () => {
  const spoil = (record: Record<string, unknown>): object => ({
    ...record,
    iso: { name: "../up.iso", sha256: "beef" },
    recipe: { name: "../lessons.yaml" },
    hooks: { "program:hooks/enter": { commit: "--all", dirty: false } },
    lock: {},
  });
  await expect(recorded(spoil)).rejects.toMatchObject({
    code: "recipe-invalid",
    message: expect.stringMatching(/iso\.name .*\n.*iso\.sha256 .*\n.*recipe .*\n.*hooks .*\n.*lock/) as string,
  });
});

/** An archive that takes questions and never answers. */
async function silence(): Promise<AsyncDisposable & { readonly url: string; readonly asked: () => Promise<boolean> }> {
  let asked = false;
  const server = createServer(() => (asked = true)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/debian`,
    asked: () => Promise.resolve(asked),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const drafts = (): Promise<readonly string[]> => readdir(join(cache, "drafts"));

test("stopped while it waits for the archive, it leaves nothing but the pool", async () => {
  await recorded();
  await using archive = await silence();
  const { status, stderr } = await reproduce([recipe(), "--mirror", archive.url], {
    stopWhen: archive.asked,
    stopWith: "SIGINT",
  });
  expect([status, stderr.replace(/^warning: .*\n/gm, "")]).toEqual([130, "stopped by Ctrl-C\n"]);
  expect(await drafts()).toEqual([]);
});

test("what a killed run left is cleared away by the next, but not the pool that it used", async () => {
  await recorded();
  await using archive = await silence();
  const words = [recipe(), "--mirror", archive.url];
  const killed = await reproduce(words, { stopWhen: archive.asked, stopWith: "SIGKILL" });
  expect([killed.signal, (await drafts()).length]).toEqual(["SIGKILL", 1]);
  await writeFile(join(cache, "pool/kept"), "");
  const { status, stderr } = await reproduce([recipe(), "--offline"]);
  expect(status).toBe(3);
  expect(stderr).toContain("the cache lacks");
  expect(await drafts()).toEqual([]);
  expect(await readdir(join(cache, "pool"))).toContain("kept");
});
