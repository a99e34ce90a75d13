import { Option, type Command } from "commander";
import * as option from "./flags.ts";
import type * as options from "./options.ts";
import { within, type Talking, type World } from "./within.ts";

type Add = (name: string, description: string, examples: readonly string[]) => Command;

/** The words of the command line that say less or more, besides --progress. */
interface Volume {
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The subcommands for modules that stand on each other: MoDe's verbs, and restack. */
export function moduleCommands(add: Add, world: World): void {
  const making = (command: Command): Command =>
    command
      .option("--in <folder>", "the folder with the recipes (default: ./images, or . without it)", option.folderPath)
      .addOption(option.output("out/modules"))
      .option("-s, --dry-run", "say what would be made and why, and make nothing", false)
      .option("--explain", "say every reason why a module is made anew", false)
      .option("-q, --quiet", "the same as --progress quiet", false)
      .option("-v, --verbose", "the same as --progress plain", false)
      .addOption(option.mirror())
      .addOption(option.cache(world.env))
      .addOption(option.offline())
      .addOption(option.progress())
      .option("--keep-failed", "keep what a failed stage left, and say where", false)
      .addOption(option.jobs())
      .addOption(option.memory());

  making(
    add("make", "Make the modules of images on the modules below, which have to be there.", [
      "livewright make smtp",
      "livewright make base-essential-console-lightx --in images -o /srv/modules",
      "livewright make smtp --dry-run --explain",
    ]),
  )
    .argument("<name...>", "recipes' names, or those of the modules they make")
    .action(async (names: readonly string[], given: options.MakeOptions & Talking & Volume) => {
      const { withOwners } = await import("./owners.ts");
      const { make } = await import("./make.ts");
      await withOwners(world, spoken(given), (session) => make(names, given, session));
    });

  making(
    add("makeall", "Make images and all that they stand on.", [
      "livewright makeall lightx smtp",
      "livewright makeall base-essential-console-smtp -o /srv/modules",
    ]),
  )
    .argument("<name...>", "recipes' names, or those of the modules they make")
    .action(async (names: readonly string[], given: options.MakeOptions & Talking & Volume) => {
      const { withOwners } = await import("./owners.ts");
      const { makeAll } = await import("./makeall.ts");
      await withOwners(world, spoken(given), (session) => makeAll(names, given, session));
    });

  making(
    add("updateall", "Make anew every image that there is, lowest first, if anything that it is made of has changed.", [
      "livewright updateall",
      "livewright updateall --dry-run --explain",
      "livewright updateall --keep-configuration -o /srv/modules",
    ]),
  )
    .option("--keep-configuration", "do not make images anew that hold only configuration: restack them", false)
    .action(async (given: options.UpdateOptions & Talking & Volume) => {
      const { withOwners } = await import("./owners.ts");
      const { updateAll } = await import("./updateall.ts");
      await withOwners(world, spoken(given), (session) => updateAll(given, session));
    });

  making(
    add("makefound", "Make every image that there is a recipe of.", [
      "livewright makefound",
      "livewright makefound --in images -o /srv/modules -q",
    ]),
  ).action(async (given: options.MakeOptions & Talking & Volume) => {
    const { withOwners } = await import("./owners.ts");
    const { makeFound } = await import("./makefound.ts");
    await withOwners(world, spoken(given), (session) => makeFound(given, session));
  });

  add("restack", "Let a saved module stand on a new base, if it hides nothing that has changed there.", [
    "livewright restack saved.squashfs --onto /srv/netboot",
    "livewright restack saved.squashfs --onto out/modules/base-essential-console-settings.module",
    "livewright restack saved.squashfs --onto new.iso --from old.iso",
  ])
    .argument("<module>", "the squashfs, or its record, a .module, which lies beside it")
    .requiredOption("--onto <base>", "a netboot folder or one of its lists, a module with its record, or an ISO")
    .addOption(
      new Option("--from <place>", "a folder or an ISO with the modules of the old base; may be repeated")
        .default([], "the cache")
        .argParser((value: string, before: readonly string[]) => [...before, value]),
    )
    .option("--strict", "if the old base is nowhere, refuse every path that the module and the new base have", false)
    .addOption(option.cache(world.env))
    .addOption(option.progress())
    .action(async (module: string, given: options.RestackOptions & Talking) => {
      const { restack } = await import("./restack.ts");
      await within(world, given, (session) => restack(module, given, session));
    });

  add("stack", "Add a saved module to a netboot folder, with an entry in its menus.", [
    "livewright stack saved.squashfs --in /srv/netboot",
    'livewright stack saved.squashfs --in /srv/netboot --title "Room 12, as on Monday"',
    "livewright stack saved --in /srv/netboot --remove",
  ])
    .argument("<module>", "the squashfs, or its record, which lies beside it; with --remove its name")
    .requiredOption("--in <folder>", "the netboot folder", option.folderPath)
    .option("--title <text>", "what the menus call it (default: its name)")
    .option("--theme <folder>", "the theme that the folder was built with, where it does not ship")
    .option("--remove", "take it out again", false)
    .addOption(option.progress())
    .action(async (module: string, given: options.StackOptions & Talking) => {
      const { stack } = await import("./stack.ts");
      await within(world, given, (session) => stack(module, given, session));
    });
}

const spoken = <Given extends Talking & Volume>(given: Given): Given => ({
  ...given,
  progress: given.quiet ? "quiet" : given.verbose ? "plain" : given.progress,
});
