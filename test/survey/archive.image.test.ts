import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { surveyArchive } from "../../src/survey/archive.ts";
import { hostReleases } from "../../src/survey/mirrors.ts";

const { signal } = new AbortController();
const cache = mkdtempSync(join(tmpdir(), "livewright-cache-"));
afterAll(() => {
  rmSync(cache, { recursive: true });
});

const recipeFor = (suite: string, build = "auto"): Recipe =>
  ({
    suite,
    architecture: "amd64",
    components: ["main"],
    firmware: true,
    mirrors: { build, image: "", security: "http://security.debian.org/debian-security" },
    checkValidUntil: true,
    repositories: [],
  }) as unknown as Recipe;

const survey = (recipe: Recipe, mirror?: string) =>
  surveyArchive({ recipe, roots: {}, mirror, cache, warn: () => undefined, signal });

test.each(["bookworm", "trixie"])("%s is read, signed by Debian, from where this host's apt would", async (suite) => {
  const facts = await survey(recipeFor(suite));
  expect(facts.codename).toBe(suite);
  expect(facts.releases.map((release) => [release.role, release.suite])).toEqual([
    ["main", suite],
    ["updates", `${suite}-updates`],
    ["security", `${suite}-security`],
  ]);
  const known = (await hostReleases(signal)).map(({ base }) => base);
  for (const { url, components } of facts.releases) {
    expect(known).toContain(url);
    expect(components).toEqual(["main", "non-free-firmware"]);
  }
  expect(facts.epoch).toBe(Math.max(...facts.releases.map(({ date }) => date)));
});

test("an alias is read as the codename it stands for", async () => {
  const facts = await survey(recipeFor("stable"));
  expect(facts.releases[0]?.suite).toBe(facts.codename);
  expect(facts.release).toMatch(/^\d+$/);
});

test("a mirror named on the command line wins over the recipe's", async () => {
  const [first] = await hostReleases(signal);
  const facts = await survey(recipeFor("bookworm", "http://127.0.0.1:9/debian"), first!.base);
  expect(facts.releases[0]?.url).toBe(first!.base);
});

test("a suite that Debian has not is refused", async () => {
  await expect(survey(recipeFor("bookwurm"))).rejects.toMatchObject({ code: "recipe-invalid" });
});
