import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { source } from "../../src/command.ts";
import { FrozenArchive, type ArchiveState } from "../../src/archive/frozen.ts";
import { parseLock, printLock, type Lock } from "../../src/archive/lock.ts";
import { Pool } from "../../src/archive/pool.ts";
import { wantedPackages } from "../../src/archive/wanted.ts";
import type { ArchiveFacts } from "../../src/plan/facts.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { surveyArchive } from "../../src/survey/archive.ts";
import { Signer } from "../survey/fixture.ts";
import { Repository, sha256 } from "./repository.ts";

let signer: Signer;
let archive: Repository;
let cache: string;

beforeEach(async () => {
  signer = new Signer();
  archive = await new Repository(signer, signer.key("archive")).open();
  archive.publish([{ name: "lamp", version: "1.0+a" }]);
  cache = mkdtempSync(join(tmpdir(), "livewright-cache-"));
});
afterEach(async () => {
  await archive[Symbol.asyncDispose]();
  signer[Symbol.dispose]();
  rmSync(cache, { recursive: true });
});

const recipe = (more: Partial<Recipe> = {}): Recipe =>
  ({
    ...{ suite: "fixture", architecture: "amd64", components: ["main"], firmware: false, checkValidUntil: true },
    mirrors: { build: "auto", image: "", security: "" },
    archive: { url: archive.url, suite: "fixture", keyring: source("recipe", "archive.gpg") },
    repositories: [],
    ...more,
  }) as unknown as Recipe;

const survey = (more: { lock?: Lock; offline?: boolean } = {}, asked = recipe()): Promise<ArchiveFacts> =>
  surveyArchive({
    ...{ recipe: asked, roots: { recipe: signer.folder }, cache, warn: () => undefined },
    ...{ signal: AbortSignal.timeout(20_000), ...more },
  });

const frozen = ({ releases }: ArchiveFacts, more: Partial<ArchiveState> = {}): FrozenArchive =>
  new FrozenArchive(cache, { releases, architecture: "amd64", offline: false, ...more });

const warnings: string[] = [];
const telling = {
  signal: AbortSignal.timeout(60_000),
  line: () => undefined,
  progress: () => undefined,
  warn: (text: string) => void warnings.push(text),
};

/** What apt prints of the one package, as it stands in the archive now. */
const printed = (version = "1.0+a"): string => {
  const deb = archive.files.get(`pool/main/lamp/lamp_${version}_all.deb`)!;
  const path = `pool/main/lamp/lamp_${version.replace("+", "%2b")}_all.deb`;
  return `NOTE: chatter\n'file:/run/livewright-archive/main/${path}' lamp_${version}_all.deb ${String(deb.length)} SHA256:${sha256(deb)}\n`;
};

const lockOf = async (facts: ArchiveFacts, list = printed()): Promise<Lock> => ({
  ...{ suite: "fixture", architecture: "amd64", releases: facts.releases },
  indices: await frozen(facts).indices(),
  packages: wantedPackages(list),
});

test("what is frozen is laid out like the archive, byte for byte", async () => {
  const facts = await survey();
  const copy = frozen(facts);
  await copy.freeze(telling);
  await copy.fetch(printed(), telling);
  const names = [
    "dists/fixture/InRelease",
    "dists/fixture/main/binary-amd64/Packages.gz",
    "pool/main/lamp/lamp_1.0+a_all.deb",
  ];
  for (const name of names) expect(readFileSync(join(copy.folder, "main", name))).toEqual(archive.files.get(name));
  expect(archive.asked.some((path) => path.includes("/by-hash/SHA256/"))).toBe(true);
});

test("apt takes what is frozen for the archive, signature and all", async () => {
  const copy = frozen(await survey());
  await copy.freeze(telling);
  const room = join(cache, "apt");
  for (const name of ["etc/apt/sources.list.d", "etc/apt/preferences.d", "lists/partial", "archives/partial"])
    mkdirSync(join(room, name), { recursive: true });
  writeFileSync(join(room, "status"), "");
  const stanza = `Types: deb\nURIs: copy:${copy.folder}/main\nSuites: fixture\nComponents: main\n`;
  const key = `Signed-By: ${join(signer.folder, "archive.gpg")}\n`;
  writeFileSync(join(room, "etc/apt/sources.list.d/frozen.sources"), stanza + key);
  const settings = {
    ...{ "Dir::Etc": `${room}/etc/apt`, "Dir::State::lists": `${room}/lists`, "Dir::State::status": `${room}/status` },
    ...{ "Dir::Cache": room, "APT::Sandbox::User": "root", "APT::Architecture": "amd64", "Acquire::Languages": "none" },
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = (...words: string[]): string =>
    execFileSync("apt-get", [...options, ...words], { encoding: "utf8", stdio: "pipe" });
  apt("update", "--error-on=any");
  expect(apt("--print-uris", "--yes", "install", "lamp")).toContain("lamp_1.0%2ba_all.deb");
});

test("what the pool has is not fetched again, by whichever build", async () => {
  const facts = await survey();
  for (const copy of [frozen(facts), frozen(facts)]) {
    await copy.freeze(telling);
    await copy.fetch(printed(), telling);
  }
  expect(archive.asked.filter((path) => path.startsWith("pool/"))).toEqual(["pool/main/lamp/lamp_1.0+a_all.deb"]);
});

test("a file that was damaged in the pool is noticed and fetched anew", async () => {
  const facts = await survey();
  const copy = frozen(facts);
  await copy.fetch(printed(), telling);
  const [lamp] = wantedPackages(printed());
  writeFileSync(new Pool(cache).path(lamp!.sha256), "rust");
  await copy.fetch(printed(), telling);
  const shown = join(copy.folder, "main/pool/main/lamp/lamp_1.0+a_all.deb");
  expect(sha256(readFileSync(shown))).toBe(lamp!.sha256);
  expect(statSync(shown).ino).toBe(statSync(new Pool(cache).path(lamp!.sha256)).ino);
});

test("a package that is not what was signed is refused and not kept", async () => {
  const facts = await survey();
  const list = printed();
  const deb = archive.files.get("pool/main/lamp/lamp_1.0+a_all.deb")!;
  archive.files.set("pool/main/lamp/lamp_1.0+a_all.deb", Buffer.alloc(deb.length, "x"));
  await expect(frozen(facts).fetch(list, telling)).rejects.toMatchObject({ code: "verification-failed" });
  expect(await new Pool(cache).has(wantedPackages(list)[0]!.sha256)).toBe(false);
  expect(readdirSync(join(cache, "pool/drafts"))).toEqual([]);
});

test("offline, nothing is asked and what is missing is named with its remedy", async () => {
  await expect(survey({ offline: true })).rejects.toMatchObject({
    code: "host-unready",
    message: expect.stringContaining("/dists/fixture/InRelease") as string,
    remedy: expect.stringContaining("without --offline") as string,
  });
  const facts = await survey();
  const asked = archive.asked.length;
  expect(await survey({ offline: true })).toEqual(facts);
  await expect(frozen(facts, { offline: true }).fetch(printed(), telling)).rejects.toMatchObject({
    code: "host-unready",
    message: expect.stringContaining("lamp_1.0+a_all.deb") as string,
  });
  expect(archive.asked.length).toBe(asked);
});

test("what the archive has dropped still comes from the pool, and the lock finds the state that was", async () => {
  const facts = await survey();
  const list = printed();
  await frozen(facts).freeze(telling);
  await frozen(facts).fetch(list, telling);
  const lock = parseLock(printLock(await lockOf(facts)), "recipe.lock");
  archive.publish([{ name: "lamp", version: "2.0" }], { "Valid-Until": "Sat, 11 Jul 2020 16:16:37 UTC" });
  const asked = archive.asked.length;
  const again = await survey({ lock });
  expect(again).toEqual(facts);
  rmSync(frozen(again).folder, { recursive: true });
  const copy = frozen(again, { lock });
  await copy.freeze(telling);
  expect((await copy.fetch(list, telling)).map(({ version }) => version)).toEqual(["1.0+a"]);
  expect(archive.asked.length).toBe(asked);
});

test("a locked package that neither the pool nor the archive has is told with what to do", async () => {
  const facts = await survey();
  const list = printed();
  await frozen(facts).freeze(telling);
  const lock = await lockOf(facts);
  archive.publish([{ name: "lamp", version: "2.0" }]);
  await expect(frozen(facts, { lock }).fetch(list, telling)).rejects.toMatchObject({
    code: "host-unready",
    message: expect.stringContaining("dropped") as string,
    remedy: expect.stringMatching(/lock --update.*--mirror/) as string,
  });
  await expect(frozen(facts).fetch(list, telling)).rejects.toMatchObject({ code: "transient" });
});

test("an archive that cannot be reached may be there tomorrow", async () => {
  const facts = await survey();
  const list = printed();
  const releases = facts.releases.map((release) => ({ ...release, url: "http://127.0.0.1:9" }));
  await expect(frozen({ ...facts, releases }).fetch(list, telling)).rejects.toMatchObject({ code: "transient" });
});

test("a locked state is used however old it is", async () => {
  archive.publish([], { Date: "Sat, 11 Jul 2020 10:16:37 UTC", "Valid-Until": "Sat, 11 Jul 2020 16:16:37 UTC" });
  await expect(survey()).rejects.toMatchObject({ code: "refused" });
  const facts = await survey({}, recipe({ checkValidUntil: false }));
  const lock = await lockOf(facts, "");
  expect(await survey({ lock })).toEqual(facts);
});

test("a lock whose digest matches no signed Release file is refused", async () => {
  const facts = await survey();
  const [release] = facts.releases;
  const lock = { ...(await lockOf(facts)), releases: [{ ...release!, digest: "0".repeat(64) }] };
  await expect(survey({ lock })).rejects.toMatchObject({ code: "verification-failed" });
});

test("a locked Release file that nobody trusted signed is refused, even from the pool", async () => {
  const facts = await survey();
  const forged = archive.files.get("dists/fixture/InRelease")!.toString().replace("Origin: Fixture", "Origin: Forgery");
  const digest = await new Pool(cache).add(Buffer.from(forged));
  const lock = { ...(await lockOf(facts)), releases: [{ ...facts.releases[0]!, digest }] };
  await expect(survey({ lock })).rejects.toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining("bad signature") as string,
  });
});

test("a lock that names other indices or packages than were signed is refused", async () => {
  const facts = await survey();
  const lock = await lockOf(facts);
  const spoilt = <Item>(items: readonly Item[]): readonly Item[] =>
    items.map((item) => ({ ...item, sha256: "0".repeat(64) }));
  await expect(
    frozen(facts, { lock: { ...lock, indices: spoilt(lock.indices) } }).freeze(telling),
  ).rejects.toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining("Packages.gz") as string,
  });
  const other = frozen(facts, { lock: { ...lock, packages: spoilt(lock.packages) } });
  await expect(other.fetch(printed(), telling)).rejects.toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining("lamp_1.0+a_all.deb") as string,
  });
});

test("a package that the lock does not name yet is taken from the locked state, with a word", async () => {
  const facts = await survey();
  const lock = { ...(await lockOf(facts)), packages: [] };
  warnings.length = 0;
  await frozen(facts, { lock }).fetch(printed(), telling);
  expect(warnings).toEqual([expect.stringContaining("does not name lamp yet")]);
});

test("a lock for another suite, component or repository than the recipe's is told, with what to do", async () => {
  const facts = await survey();
  const lock = await lockOf(facts);
  const refused = (message: RegExp) => ({
    ...{ code: "recipe-invalid", remedy: "livewright lock --update" },
    message: expect.stringMatching(message) as string,
  });
  await expect(survey({ lock }, recipe({ suite: "other" }))).rejects.toMatchObject(
    refused(/suite is other, and was fixture/),
  );
  const components = lock.releases.map((release) => ({ ...release, components: ["main", "contrib"] }));
  await expect(survey({ lock: { ...lock, releases: components } })).rejects.toMatchObject(
    refused(/main is fixture main, and was fixture main contrib/),
  );
  const more = [...lock.releases, { ...lock.releases[0]!, role: "tools" }];
  await expect(survey({ lock: { ...lock, releases: more } })).rejects.toMatchObject(refused(/has an archive tools/));
});
