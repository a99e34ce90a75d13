import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkout, livewright } from "../livewright.ts";

// prettier-ignore
const commands = ["build", "plan", "test", "inspect", "serve", "reproduce", "flatten", "make", "makeall", "updateall", "makefound", "restack", "stack", "doctor", "init", "shell", "metapackage", "recipes", "cache"];

test("the program's help lists every command", async () => {
  const { status, stdout, stderr } = await livewright(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  expect(stdout).toContain("Examples:\n  $ livewright build");
});

describe.each(commands)("livewright %s --help", (command) => {
  test("explains it and has examples that begin with it", async () => {
    const { status, stdout, stderr } = await livewright([command, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`Usage: livewright ${command} `);
    const examples = stdout.split("Examples:\n")[1]!.trim().split("\n");
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(example.trim()).toMatch(new RegExp(`^\\$ livewright ${command}\\b`));
  });
});

test("the options that the manual promises are there", async () => {
  const promised: Readonly<Record<string, readonly string[]>> = {
    build: [
      "-o",
      "--set",
      "--mirror",
      "--cache",
      "--progress",
      "--keep-failed",
      "--keep-raw",
      "--jobs",
      "--memory",
      "--trace",
    ],
    plan: ["--json", "--explain"],
    // prettier-ignore
    test: ["--firmware", "--medium", "--entry", "--checks", "--timeout", "--junit", "--screenshots", "--print", "--json", "--login-fd", "--by", "--dhcp", "--list", "--memory"],
    // prettier-ignore
    serve: ["--interface", "--address", "--http-port", "--dhcp-range", "--no-ipxe", "--verify", "--uploads", "--token-file", "--upload-limit", "--json"],
    inspect: ["--json"],
    reproduce: ["-o", "--iso", "--set", "--mirror", "--cache", "--offline", "--jobs", "--memory", "--json"],
    flatten: ["-o", "--compression", "--level"],
    // prettier-ignore
    make: ["--in", "-o", "-s", "--dry-run", "--explain", "-q", "-v", "--mirror", "--cache", "--offline", "--progress", "--jobs"],
    updateall: ["--in", "-o", "--dry-run", "--explain", "--keep-configuration"],
    stack: ["--in", "--title", "--theme", "--remove"],
    restack: ["--onto", "--from", "--strict", "--cache"],
    doctor: ["--install"],
    init: ["--template"],
    "cache ls": ["--json", "--cache"],
    "cache clean": ["--older", "--max-size", "--dry-run"],
  };
  for (const [command, options] of Object.entries(promised)) {
    const { stdout } = await livewright([...command.split(" "), "--help"]);
    for (const option of options) expect(stdout, `${command} ${option}`).toMatch(new RegExp(`(^|\\s)${option}\\b`));
  }
});

test("the version is package.json's", async () => {
  const { version } = JSON.parse(readFileSync(`${checkout}/package.json`, "utf8"));
  expect(await livewright(["--version"])).toMatchObject({ status: 0, stdout: `${String(version)}\n` });
});

const misuses: readonly { words: readonly string[]; says: RegExp; remedy: string }[] = [
  { words: [], says: /^a command is needed\n/, remedy: "livewright --help" },
  { words: ["biuld"], says: /unknown command 'biuld'\n\(Did you mean build\?\)/, remedy: "livewright --help" },
  {
    words: ["build", "--progres", "tty"],
    says: /unknown option '--progres'\n\(Did you mean --progress\?\)/,
    remedy: "livewright build --help",
  },
  {
    words: ["build", "--progress", "tyt"],
    says: /"tyt" is none of auto, tty.*[Dd]id you mean/s,
    remedy: "livewright build --help",
  },
  { words: ["build", "--set", "suite"], says: /'suite' is invalid.*path=value/, remedy: "livewright build --help" },
  { words: ["init", "/proc/recipe"], says: /is the kernel's, not a place/, remedy: "livewright init --help" },
  { words: ["build", "-o", "/sys/out"], says: /is the kernel's, not a place/, remedy: "livewright build --help" },
  { words: ["build", "--mirror", "httpredir.debian.org"], says: /starts with http/, remedy: "livewright build --help" },
  { words: ["build", "one", "two"], says: /too many arguments/, remedy: "livewright build --help" },
  { words: ["test"], says: /missing required argument 'iso'/, remedy: "livewright test --help" },
  {
    words: ["test", "x.iso", "--firmware", "bios,ueffi"],
    says: /"ueffi" is none of bios, uefi, secure-boot.*[Dd]id you mean .?uefi/s,
    remedy: "livewright test --help",
  },
  { words: ["test", "x.iso", "--timeout", "soon"], says: /whole number above 0/, remedy: "livewright test --help" },
  { words: ["build", "--jobs", "0"], says: /whole number above 0/, remedy: "livewright build --help" },
  { words: ["build", "--memory", "much"], says: /A size is wanted, such as 800M/, remedy: "livewright build --help" },
  { words: ["make"], says: /missing required argument 'name'/, remedy: "livewright make --help" },
  {
    words: ["udpateall"],
    says: /unknown command 'udpateall'\n\(Did you mean updateall\?\)/,
    remedy: "livewright --help",
  },
  { words: ["makefound", "console"], says: /too many arguments/, remedy: "livewright makefound --help" },
  { words: ["restack", "x.squashfs"], says: /required option '--onto <base>'/, remedy: "livewright restack --help" },
  { words: ["cache"], says: /^a command is needed\n/, remedy: "livewright cache --help" },
  {
    words: ["cache", "clena"],
    says: /unknown command 'clena'\n\(Did you mean clean\?\)/,
    remedy: "livewright cache --help",
  },
  { words: ["cache", "clean", "--older", "soon"], says: /An age is wanted/, remedy: "livewright cache --help" },
  {
    words: ["cache", "clean"],
    says: /what is to go must be said/,
    remedy: "livewright cache clean --older 30d --max-size 20G",
  },
  {
    words: ["doctor", "--for", "fun"],
    says: /"fun" is none of build, test, serve, develop/,
    remedy: "livewright doctor --help",
  },
];

test.each(misuses)(
  "misuse $words is told on standard error, with status 2 and the help that explains",
  async ({ words, says, remedy }) => {
    const { status, stdout, stderr } = await livewright(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(new RegExp(`\nTry: ${remedy}\n$`));
    expect(stderr).not.toMatch(/\bat .*\.js/);
  },
);

test("help loads none of the program's heavy parts", async () => {
  const env = { ...process.env, NODE_DEBUG: "esm" };
  const { stderr } = await livewright(["build", "--help"], { env });
  const loaded = stderr.split("\n").filter((line) => /(sharp|ejs|ajv|yaml|execa)\//.test(line));
  expect(loaded).toEqual([]);
});

test("every command has a module that is its own", () => {
  const modules = readdirSync(`${checkout}/src/cli`);
  for (const command of commands) expect(modules).toContain(`${command}.ts`);
});

test.each([
  ["a netboot folder", "src", ["--medium", "cd"], "--medium: that is for an image"],
  ["an image", "package.json", ["--by", "pxe", "--list", "desk"], "--by, --list: that is for a netboot folder"],
])("of %s nothing is tested that only others know", async (_, path, words, fault) => {
  const { status, stdout, stderr } = await livewright(["test", path, ...words]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(fault);
});
