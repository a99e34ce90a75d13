import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Repository } from "./archive/repository.ts";
import { livewright, testCache, type Outcome } from "./livewright.ts";
import { Signer } from "./survey/fixture.ts";
import { builtLayer, recipeFolder } from "./workshop.ts";

let signer: Signer;
let archive: Repository;
let folder: Awaited<ReturnType<typeof recipeFolder>>;
let locked: Outcome;
const recipe = (): string => join(folder.path, "recipe.yaml");

/** Debian's archive, and beside it one that moves on while we watch. */
beforeAll(async () => {
  signer = new Signer();
  const key = signer.key("archive");
  archive = await new Repository(signer, key).open();
  archive.publish([{ name: "lamp", version: "1.0" }]);
  const repository = `{name: fixture, url: ${archive.url}, suite: fixture, components: [main], key: archive.asc}`;
  folder = await recipeFolder({
    "recipe.yaml": `name: lit\nextends: minimal\nrepositories: [${repository}]\nlayers:\n  - {name: lamp, packages: [lamp]}\n`,
    "archive.asc": await readFile(key.armoured, "utf8"),
  });
  locked = await livewright(["lock", recipe(), "--cache", testCache]);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await archive[Symbol.asyncDispose]();
  signer[Symbol.dispose]();
});

const treeOf = async (how: { readonly offline?: boolean } = {}): Promise<string> =>
  (await builtLayer(recipe(), "lamp", how)).tree;

test("a lock names every package that the recipe takes, and says what it added", async () => {
  expect([locked.status, locked.stderr]).toEqual([0, expect.any(String)]);
  expect(locked.stdout).toContain("added lamp:all 1.0\n");
  const lock = await readFile(join(folder.path, "recipe.lock"), "utf8");
  for (const name of ["lamp", "base-files", "live-boot", "shim-signed"]) expect(lock).toContain(`{name: "${name}", `);
  expect(lock).not.toContain(archive.url);
});

test("locked again, nothing changes and nothing is asked of the archive", async () => {
  const asked = archive.asked.length;
  const before = await readFile(join(folder.path, "recipe.lock"), "utf8");
  const again = await livewright(["lock", recipe(), "--cache", testCache, "--offline"]);
  expect([again.status, again.stdout]).toEqual([0, expect.stringMatching(/\d+ packages, nothing changed\n$/)]);
  expect(await readFile(join(folder.path, "recipe.lock"), "utf8")).toBe(before);
  expect(archive.asked.length).toBe(asked);
});

test("a locked recipe builds from the pool alone when the archive has dropped its versions", async () => {
  const tree = await treeOf();
  archive.publish([{ name: "lamp", version: "2.0" }]);
  await rm(dirname(tree), { recursive: true });
  await rm(join(testCache, "archives"), { recursive: true });
  const asked = archive.asked.length;
  expect(await treeOf({ offline: true })).toBe(tree);
  expect(await readFile(join(tree, "usr/share/lamp/version"), "utf8")).toBe("1.0\n");
  expect(archive.asked.length).toBe(asked);
});

test("a lock that somebody changed is refused with status 5", async () => {
  const file = join(folder.path, "recipe.lock");
  const text = await readFile(file, "utf8");
  const spoilt = text.replace(/(role: "fixture", suite.*sha256: ")[0-9a-f]{64}/, `$1${"0".repeat(64)}`);
  await using other = await recipeFolder({
    "recipe.yaml": await readFile(recipe(), "utf8"),
    "archive.asc": await readFile(join(folder.path, "archive.asc"), "utf8"),
    "recipe.lock": spoilt,
  });
  const { status, stderr } = await livewright(["plan", join(other.path, "recipe.yaml"), "--cache", testCache]);
  expect(status).toBe(5);
  expect(stderr).toMatch(/recipe\.lock names a Release file[\s\S]*lock --update/);
});

test("without the lock, the recipe follows the archive", async () => {
  await rm(join(folder.path, "recipe.lock"));
  const { stdout } = await livewright(["plan", recipe(), "--cache", testCache, "--explain"]);
  expect(stdout).toMatch(/archive +to build/);
  expect(stdout).toContain("changed: archive fixture");
});
