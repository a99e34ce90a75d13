import type { Command } from "commander";
import * as option from "./flags.ts";
import type * as options from "./options.ts";
import { within, type Talking, type World } from "./within.ts";

/** The subcommands of `livewright cache`, added to it. */
export function cacheCommands(cache: Command, world: World): void {
  const add = (name: string, description: string): Command =>
    cache.command(name).description(description).addOption(option.cache(world.env)).addOption(option.progress());

  add("ls", "List what is kept: which stage, how big, when last used.")
    .addOption(option.json("the objects"))
    .action(async (given: options.CacheListOptions & Talking) => {
      const { cacheLs } = await import("./cache.ts");
      await within(world, given, (session) => cacheLs(given, session));
    });

  add("why", "Say why a stage would be made again, or that it is reused.")
    .argument("<stage>", "the stage's name, as `livewright plan` lists it")
    .argument("[recipe]", "a shipped recipe's name, or a file", "standard")
    .addOption(option.set())
    .addOption(option.mirror())
    .action(async (stage: string, recipe: string, given: options.CacheWhyOptions & Talking) => {
      const { cacheWhy } = await import("./cache.ts");
      await within(world, given, (session) => cacheWhy(stage, recipe, given, session));
    });

  add("verify", "Read every byte of what is kept; remove what is damaged, so that it is made again.").action(
    async (given: options.CacheOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { cacheVerify } = await import("./cache.ts");
      await withOwners(world, given, (session) => cacheVerify(given, session));
    },
  );

  add("clean", "Remove what was not used for longest; what a running build uses stays.")
    .addOption(option.older())
    .addOption(option.maxSize())
    .option("--dry-run", "say what would go, and remove nothing", false)
    .action(async (given: options.CacheCleanOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { cacheClean } = await import("./cache.ts");
      await withOwners(world, given, (session) => cacheClean(given, session));
    });
}
