import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { expect, test } from "vitest";

/** Which rooms each room of src/ may use besides itself. Every room may use `everywhere`. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  main: ["cli"],
  cli: [
    "recipe",
    "survey",
    "archive",
    "plan",
    "build",
    "compare",
    "machine",
    "serve",
    "audit",
    "report",
    "look",
    "netboot",
    "restack",
    "workshop",
    "tools",
    "system",
  ],
  recipe: [],
  survey: ["plan types", "archive", "recipe", "tools", "system"],
  archive: ["plan types", "tools", "system"],
  plan: ["netboot", "recipe", "tools"],
  netboot: [],
  tools: [],
  look: ["netboot", "system"],
  build: ["plan types", "archive", "look", "netboot", "system", "audit", "tools"],
  compare: ["audit", "build", "tools", "system"],
  restack: ["audit", "build", "look", "netboot", "recipe", "system"],
  workshop: ["build", "netboot", "plan", "recipe", "restack", "system"],
  machine: ["netboot", "serve", "tools", "system"],
  serve: ["netboot", "tools", "system"],
  audit: ["netboot", "tools", "system"],
  report: [],
  system: [],
  failure: [],
  command: [],
  events: [],
  medium: [],
};
/** What a plan is and what it mentions, as opposed to how one is made. */
const planTypes = [
  "plan/facts.ts",
  "plan/stage.ts",
  "plan/places.ts",
  "plan/views.ts",
  "plan/digest.ts",
  "plan/words.ts",
];
const everywhere = ["failure", "command", "events", "medium"];

const pure = ["recipe", "plan", "netboot", "tools", "failure", "command", "events", "medium"];
/** Libraries that compute and ask nothing of the world, beside the two modules of Node that do so. */
const harmless = ["ajv", "node:crypto", "node:path/posix", "yaml"];

/** Libraries that one place owns. */
const owners: Readonly<Record<string, RegExp>> = {
  execa: /^system\/(child|lend)\.ts$/,
  "node:child_process": /^$/,
  progress: /^report\//,
  ejs: /^look\//,
  sharp: /^look\//,
  commander: /^cli\//,
  send: /^serve\/http\.ts$/,
  ajv: /^recipe\/(validate|validator)\.ts$/,
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .sort();
const roomOf = (file: string): string => file.split("/")[0]!.replace(/\.ts$/, "");
const textOf = (file: string): string => readFileSync(join("src", file), "utf8");

interface Import {
  readonly target: string;
  readonly typesOnly: boolean;
}

const importsOf = (file: string): readonly Import[] => [
  ...[...textOf(file).matchAll(/^(?:import|export)\s(type\s)?[^;"]*?from\s"([^"]+)"/gm)].map(([, type, target]) => ({
    target: target!,
    typesOnly: type !== undefined,
  })),
  ...[...textOf(file).matchAll(/(?:^import\s|\bimport\()"([^"]+)"/gm)].map(([, target]) => ({
    target: target!,
    typesOnly: false,
  })),
];
const ours = ({ target }: Import): boolean => target.startsWith(".");
const fileOf = (from: string, { target }: Import): string => normalize(join(dirname(from), target));

/** Comments may speak of what code must not do. */
const codeOf = (file: string): string => textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");

test("the law knows every room there is", () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !(room in rooms))).toEqual([]);
});

test.each(files)("%s uses only the rooms below its own", (file) => {
  const room = roomOf(file);
  const allowed = [...rooms[room]!, ...everywhere, room];
  const broken = importsOf(file)
    .filter(ours)
    .filter((it) => !allowed.includes(roomOf(fileOf(file, it))))
    .filter((it) => !(planTypes.includes(fileOf(file, it)) && allowed.includes("plan types")));
  expect(broken.map(({ target }) => target)).toEqual([]);
});

test.each(files.filter((file) => pure.includes(roomOf(file))))("%s asks the world nothing", (file) => {
  const strange = importsOf(file).filter((it) => !ours(it) && !harmless.some((name) => it.target.startsWith(name)));
  expect(strange.map(({ target }) => target)).toEqual([]);
  expect(codeOf(file)).not.toMatch(
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bperformance\.|\brandomUUID\b|\brandomBytes\b|\bsetTimeout\b|\bglobalThis\b|\bfetch\(/,
  );
});

test.each(Object.entries(owners))("only its owner imports %s", (library, owner) => {
  const users = files.filter((file) =>
    importsOf(file).some(({ target }) => target === library || target.startsWith(`${library}/`)),
  );
  expect(users.filter((file) => !owner.test(file))).toEqual([]);
});

/** What Node is started with: the program, and what it starts Node with again. */
const programs = ["look/painter.ts", "main.ts"];

test("only a program's first module exits, and only it, the reports and the command line write to the terminal", () => {
  expect(files.filter((file) => /\bprocess\.(exit\b|exitCode\b|abort\b)/.test(codeOf(file)))).toEqual(programs);
  const writers = files.filter((file) =>
    /\bconsole\.(log|error|warn|info|debug)\b|\bprocess\.std(out|err)\.write\b/.test(codeOf(file)),
  );
  expect(writers.filter((file) => !programs.includes(file))).toEqual([]);
});

test("only main.ts listens to the process's signals", () => {
  expect(files.filter((file) => /\bprocess\.(on|once)\(/.test(codeOf(file)))).toEqual(["main.ts"]);
});

test("modules name their exports, and none only passes on another's", () => {
  expect(files.filter((file) => /^export default\b/m.test(codeOf(file)))).toEqual([]);
  expect(files.filter((file) => /^export \*/m.test(codeOf(file)))).toEqual([]);
});

test("nothing is called by a word that means anything", () => {
  const vague = /(^|\/)(utils?|helpers?|misc|common|shared|managers?|context)(\.ts$|\/)/;
  expect(files.filter((file) => vague.test(file))).toEqual([]);
});

test("files that people write stay small enough to be one idea", () => {
  const written = files.filter((file) => !textOf(file).startsWith("// Generated "));
  const long = written.filter((file) => textOf(file).split("\n").length > 260);
  expect(long).toEqual([]);
});

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { encoding: "utf8" })
  .split("\0")
  .filter((name) => name !== "" && existsSync(name));
const scripts = tracked.filter((name) => !/\.(ts|mjs|js|json|md|ya?ml|ejs|png|svg)$/.test(name) && isShell(name));

function isShell(name: string): boolean {
  return name.endsWith(".sh") || /^#!\s*\S*(\/|\s)(ba|da)?sh\b/.test(readFileSync(name, "latin1").split("\n")[0]!);
}

test("there are shell scripts to check", () => {
  expect(scripts).toContain(".ci/run");
  expect(scripts).toContain("hooks/customize");
});

test.each(scripts)("shellcheck finds nothing wrong with %s", (script) => {
  const found = (): string => {
    try {
      return execFileSync("shellcheck", ["--external-sources", "--severity=style", "--format=gcc", script], {
        encoding: "utf8",
      });
    } catch (error) {
      return (error as { stdout?: string }).stdout ?? String(error);
    }
  };
  expect(found()).toBe("");
});

test("hooks are shell programs, and what they are entered with is Perl that knows no warning", () => {
  const hooks = tracked.filter((name) => /^hooks\/[^/]+$/.test(name) && !name.endsWith(".sh"));
  expect(hooks.filter((name) => !isShell(name))).toEqual(["hooks/enter"]);
  const { stderr } = spawnSync("perl", ["-cw", "hooks/enter"], { encoding: "utf8" });
  expect(stderr).toBe("hooks/enter syntax OK\n");
});
