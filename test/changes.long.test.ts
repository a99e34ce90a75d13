import { randomBytes } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout, livewright, testCache } from "./livewright.ts";
import { boots } from "./machine/boots.ts";
import { recipeFolder, testOutput } from "./workshop.ts";

/** What may change in the recipe below. */
interface State {
  readonly package: string;
  readonly line: string;
  readonly title: string;
  readonly argument: string;
  readonly colour: string;
}

/** The cache may hold what an earlier run built, which would be no change: every run is another. */
const mark = randomBytes(3).toString("hex");

/** A colour on which white is easy to read, as a theme's must be. */
const dark = ([red = "", green = "", blue = ""]: string): string => `#4${red}2${green}4${blue}`;

const first: State = {
  package: "nano",
  line: `one ${mark}`,
  title: "Changing",
  argument: "first=1",
  colour: "#1f6f78",
};

const recipeOf = ({ package: name, title, argument }: State): string =>
  [
    "name: changing",
    "extends: minimal",
    "layers:",
    `  - { name: own, packages: [${name}], files: overlay }`,
    `kernel: { arguments: [quiet, ${argument}] }`,
    `menu: { title: ${title}, theme: ./theme }`,
    "",
  ].join("\n");

async function write(folder: string, state: State): Promise<void> {
  await mkdir(join(folder, "overlay/etc"), { recursive: true });
  await writeFile(join(folder, "overlay/etc/motd"), `${state.line}\n`);
  await writeFile(join(folder, "recipe.yaml"), recipeOf(state));
  await cp(join(checkout, "themes/calm"), join(folder, "theme"), { recursive: true });
  const calm = await readFile(join(folder, "theme/theme.yaml"), "utf8");
  await writeFile(join(folder, "theme/theme.yaml"), calm.replace(/chosen: "#\w+"/, `chosen: "${state.colour}"`));
}

interface Built {
  readonly iso: string;
  /** Stages that were made and not reused. */
  readonly made: readonly string[];
}

async function built(folder: string): Promise<Built> {
  const done = await livewright([
    ...["build", join(folder, "recipe.yaml"), "--cache", testCache, "-o", testOutput, "--progress", "json"],
  ]);
  expect(done.status, done.stderr).toBe(0);
  const events = done.stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string; stage?: string; path?: string });
  return {
    iso: events.find(({ kind, path }) => kind === "artefact" && path?.endsWith(".iso"))?.path ?? "",
    made: events.flatMap(({ kind, stage }) => (kind === "stage-finished" && stage !== undefined ? [stage] : [])).sort(),
  };
}

const medium = ["esp", "initrd", "iso", "medium"];
const tree = [...medium, "inventory", "raw", "sizes", "squashfs-own", "squashfs-settings"];

test.each<{ what: string; to: Partial<State>; makes: readonly string[]; checks: readonly string[] }>([
  {
    what: "one package more",
    to: { package: "htop" },
    makes: [...tree, "layer-own", "layer-settings"],
    checks: ["dpkg --status htop | grep -q '^Status: install ok installed'", "htop --version"],
  },
  {
    what: "a line of a file",
    to: { line: `two ${mark}` },
    makes: [...tree, "layer-own", "layer-settings"],
    checks: [`grep -qx 'two ${mark}' /etc/motd`],
  },
  { what: "a menu title", to: { title: "Changed" }, makes: medium, checks: [] },
  { what: "a theme's colour", to: { colour: dark(mark) }, makes: [...medium, "pictures"], checks: [] },
  {
    what: "a kernel argument",
    to: { argument: "second=2" },
    makes: medium,
    checks: ["grep -q ' second=2' /proc/cmdline"],
  },
])("$what is built without what it does not touch, and boots changed", async ({ to, makes, checks }) => {
  await using folder = await recipeFolder({});
  await write(folder.path, first);
  await built(folder.path);
  expect((await built(folder.path)).made).toEqual([]);
  await write(folder.path, { ...first, ...to });
  const { iso, made } = await built(folder.path);
  expect(made).toEqual([...makes].sort());
  const verdict = await boots(iso, { firmware: "bios", medium: "cd", checks, seconds: 1800 });
  expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
  expect(verdict, verdict.reason).toMatchObject({ passed: true });
});
