import { Command } from "commander";
import { programVersion } from "./about.ts";
import { cacheCommands } from "./cache-commands.ts";
import * as option from "./flags.ts";
import { mediaCommands } from "./media-commands.ts";
import { moduleCommands } from "./module-commands.ts";
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

  mediaCommands(add, world);
  moduleCommands(add, world);

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
        ["build", "test", "serve", "develop"],
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
