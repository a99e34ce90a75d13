import { Command, Option } from "commander";
import { programVersion } from "./about.ts";
import { cacheCommands } from "./cache-commands.ts";
import * as option from "./flags.ts";
import type * as options from "./options.ts";
import { within, type Talking, type World } from "./within.ts";

/** Every subcommand: what it is called, what it takes, and examples. Its module loads when it runs, so help answers at once. */
export function commands(world: World): Command {
  const root = new Command("livewright")
    .description("Builds Debian live ISOs from one recipe, and proves that they boot.")
    .version(programVersion(), "-V, --version", "print the program's version")
    .helpOption("-h, --help", "explain a command")
    .helpCommand(false)
    // A switch that is off unless given need not say so.
    .configureHelp({
      optionDescription: ({ description, defaultValue, defaultValueDescription }) =>
        described(description, defaultValueDescription ?? defaultValue),
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      // Faults are told once, by main.ts, with the help command as their remedy.
      writeErr: () => undefined,
    });
  const add = (name: string, description: string, examples: readonly string[]): Command =>
    root
      .command(name)
      .description(description)
      .addHelpText("after", `\nExamples:\n${examples.map((it) => `  $ ${it}\n`).join("")}`);
  root.addHelpText("after", "\nExamples:\n  $ livewright build standard -o out\n  $ livewright test out/*.iso\n");

  recipeCommand(
    add("build", "Build a recipe's ISO and what belongs beside it.", [
      "livewright build",
      "livewright build recipes/classroom.yaml -o /srv/images",
      "livewright build minimal --set suite=trixie --set squashfs.level=19",
      "livewright build standard --mirror http://httpredir.debian.org/debian --progress plain",
    ]),
  )
    .addOption(option.output("out"))
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.offline())
    .addOption(option.progress())
    .option("--keep-failed", "keep what a failed stage left, and say where", false)
    .option("--keep-raw", "keep the raw disk image of the root filesystem", false)
    .addOption(option.jobs())
    .addOption(option.memory())
    .addOption(option.trace())
    .action(async (recipe: string, given: options.BuildOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { build } = await import("./build.ts");
      await withOwners(world, given, (session) => build(recipe, given, session));
    });

  recipeCommand(
    add("plan", "Show what building would do, and do nothing.", [
      "livewright plan",
      "livewright plan standard --explain",
      "livewright plan recipes/classroom.yaml --json | jq '.stages[].name'",
    ]),
  )
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.offline())
    .addOption(option.progress())
    .addOption(option.json("the whole plan"))
    .option("--explain", "say why each stage is stale or reused", false)
    .action(async (recipe: string, given: options.PlanOptions & Talking) => {
      const { plan } = await import("./plan.ts");
      await within(world, given, (session) => plan(recipe, given, session));
    });

  recipeCommand(
    add("lock", "Write down which state of the archive a recipe builds from, package by package.", [
      "livewright lock",
      "livewright lock recipes/classroom.yaml --update",
    ]),
  )
    .option("--update", "lock the archive's present state instead of the locked one", false)
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.offline())
    .addOption(option.progress())
    .action(async (recipe: string, given: options.LockOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { lock } = await import("./lock.ts");
      await withOwners(world, given, (session) => lock(recipe, given, session));
    });

  add("test", "Boot an ISO in QEMU and ask the running system for proof.", [
    "livewright test out/standard-1.0-bookworm-amd64.iso",
    "livewright test out/standard-1.0-bookworm-amd64.iso --firmware bios,uefi,secure-boot --medium cd,usb",
    "livewright test out/standard-1.0-bookworm-amd64.iso --entry live-failsafe --screenshots shots --junit boots.xml",
    "livewright test other.iso --login-fd 3 3<credentials",
    "livewright test out/standard-1.0-bookworm-amd64.raw --print",
  ])
    .argument("<iso>", "the image to boot")
    .addOption(
      option.listOf(
        "--firmware <names>",
        "what the machine starts with",
        ["bios", "uefi", "secure-boot"],
        ["bios", "uefi"],
      ),
    )
    .addOption(option.listOf("--medium <names>", "how the image is attached", ["cd", "usb"], ["cd", "usb"]))
    .option("--entry <name>", "the menu entry to start (default: the first)")
    .option("--checks <file>", "shell commands, one a line, that must succeed in the guest")
    .addOption(new Option("--timeout <seconds>", "the longest one boot may take").argParser(option.positive))
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--screenshots <folder>", "save pictures of the menu and of the end")
    .addOption(
      new Option("--login-fd <number>", "read `name:password` from this open descriptor").argParser(option.descriptor),
    )
    .option("--recipe <recipe>", "log in as this recipe's user (default: the shipped recipe the medium names)")
    .option("--print", "print the emulator's command line and boot nothing", false)
    .addOption(option.json("the verdicts"))
    .addOption(option.progress())
    .action(async (iso: string, given: options.TestOptions & Talking) => {
      const { test } = await import("./test.ts");
      await within(world, given, (session) => test(iso, given, session));
    });

  add("inspect", "Read a finished ISO again and say whether it hangs together.", [
    "livewright inspect out/standard-1.0-bookworm-amd64.iso",
    "livewright inspect out/standard-1.0-bookworm-amd64.iso --json",
  ])
    .argument("<iso>", "the image to read")
    .addOption(option.json("what was found"))
    .addOption(option.progress())
    .action(async (iso: string, given: options.InspectOptions & Talking) => {
      const { inspect } = await import("./inspect.ts");
      await within(world, given, (session) => inspect(iso, given, session));
    });

  add("reproduce", "Build a published ISO once more from its build.json, and say whether it is the same.", [
    "livewright reproduce out/standard-1.0-bookworm-amd64.build.json",
    "livewright reproduce classroom-1.0-bookworm-amd64.build.json recipes/classroom.yaml -o rebuilt",
    "livewright reproduce build.json --iso ~/Downloads/standard-1.0-bookworm-amd64.iso --json | jq .same",
    "livewright reproduce build.json --mirror http://snapshot.debian.org/archive/debian/20260711T000000Z",
  ])
    .argument("<build.json>", "what the build left beside its ISO")
    .argument(
      "[recipe]",
      "the recipe that was built: a file, or a shipped one's name (default: the shipped one it names)",
    )
    .addOption(option.set())
    .option("-o, --output <folder>", "keep what was built there", option.folderPath)
    .option("--iso <file>", "the published ISO (default: the one beside build.json)")
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.offline())
    .addOption(option.jobs())
    .addOption(option.memory())
    .addOption(option.json("what came of it"))
    .addOption(option.progress())
    .action(async (file: string, recipe: string | undefined, given: options.ReproduceOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { reproduce } = await import("./reproduce.ts");
      await withOwners(world, given, (session) => reproduce(file, recipe, given, session));
    });

  add("flatten", "Join squashfs modules, lowest first, into one that shows the same.", [
    "livewright flatten 01-base.squashfs 02-essential.squashfs 03-settings.squashfs -o filesystem.squashfs",
    "livewright flatten $(sed 's|^|/media/stick/live/|' /media/stick/live/filesystem.module) -o all.squashfs",
    "livewright flatten base.squashfs desk.squashfs -o joined.squashfs --compression xz",
  ])
    .argument("<module...>", "the modules, in the order in which live-boot stacks them")
    .requiredOption("-o, --output <file>", "the squashfs to write; it must not be there yet", option.folderPath)
    .addOption(option.compression())
    .addOption(new Option("--level <number>", "how hard to try (default: 9 for zstd)").argParser(option.positive))
    .addOption(option.progress())
    .action(async (modules: readonly string[], given: options.FlattenOptions & Talking) => {
      const { flatten } = await import("./flatten.ts");
      await within(world, given, (session) => flatten(modules, given, session));
    });

  add("doctor", "Say whether this host is ready: tools, permissions, kernel, space.", [
    "livewright doctor",
    "livewright doctor --install",
    "livewright doctor --for build,test --json",
  ])
    .option("--install", "install the Debian packages that are missing (as root, or with sudo)", false)
    .addOption(
      option.listOf(
        "--for <purposes>",
        "what the host should be ready for",
        ["build", "test", "develop"],
        ["build", "test"],
      ),
    )
    .addOption(option.output("out"))
    .addOption(option.cache(world.env))
    .addOption(option.json("every need and its state"))
    .addOption(option.progress())
    .action(async (given: options.DoctorOptions & Talking) => {
      const { doctor } = await import("./doctor.ts");
      await within(world, given, (session) => doctor(given, session));
    });

  add("init", "Write a recipe to start from, with comments.", [
    "livewright init",
    "livewright init classroom --template xfce",
  ])
    .argument("[folder]", "where to write it", option.folderPath, ".")
    .option("--template <name>", "the shipped recipe to start from", "standard")
    .addOption(option.progress())
    .action(async (folder: string, given: options.InitOptions & Talking) => {
      const { init } = await import("./init.ts");
      await within(world, given, (session) => init(folder, given, session));
    });

  recipeCommand(
    add("shell", "Open a shell in the built root filesystem; changes are thrown away.", [
      "livewright shell",
      "livewright shell recipes/classroom.yaml",
    ]),
  )
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.progress())
    .action(async (recipe: string, given: options.ShellOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { shell } = await import("./shell.ts");
      await withOwners(world, given, (session) => shell(recipe, given, session));
    });

  recipeCommand(
    add("metapackage", "Write the recipe's package set as a metapackage.", [
      "livewright metapackage standard",
      "livewright metapackage recipes/classroom.yaml -o packages",
    ]),
  )
    .addOption(option.output("out"))
    .addOption(option.progress())
    .action(async (recipe: string, given: options.MetapackageOptions & Talking) => {
      const { metapackage } = await import("./metapackage.ts");
      await within(world, given, (session) => metapackage(recipe, given, session));
    });

  cacheCommands(
    add("cache", "See, check and clean what builds keep to reuse.", [
      "livewright cache ls",
      "livewright cache why initramfs recipes/classroom.yaml",
      "livewright cache verify",
      "livewright cache clean --older 30d --max-size 20G --dry-run",
    ]),
    world,
  );

  add("recipes", "List the recipes that ship.", ["livewright recipes", "livewright recipes --json"])
    .addOption(option.json("the recipes"))
    .addOption(option.progress())
    .action(async (given: options.RecipesOptions & Talking) => {
      const { recipes } = await import("./recipes.ts");
      await within(world, given, (session) => recipes(given, session));
    });

  return root;
}

const recipeCommand = (command: Command): Command =>
  command
    .argument("[recipe]", "a shipped recipe's name, or a file", "standard")
    .addOption(option.set())
    // A faulty recipe is told at once, before all that would build it is loaded.
    .hook("preAction", async (_, action) => {
      const { readRecipe } = await import("./recipe-source.ts");
      await readRecipe(String(action.processedArgs[0]), action.opts<options.RecipeOptions>().set);
    });

const described = (text: string, usual: unknown): string =>
  usual === undefined || usual === false
    ? text
    : `${text} (default: ${typeof usual === "string" ? usual : JSON.stringify(usual)})`;
