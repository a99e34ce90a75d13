import { CommanderError, type Command } from "commander";
import { Failure } from "../failure.ts";
import { commands } from "./commands.ts";
import { explained } from "./mishaps.ts";
import type { World } from "./within.ts";

/** Run one command line, without the name of the program. */
export async function program(words: readonly string[], world: World): Promise<void> {
  const known = commands(world);
  try {
    await known.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw explained(error, foldersOf(known, words));
    if (error.exitCode !== 0) throw misused(error, words);
  }
}

/** The options of the command that is run which name folders to write to. */
function foldersOf(command: Command, [word, ...words]: readonly string[]): readonly string[] {
  const inner = command.commands.find((one) => one.name() === word);
  if (inner !== undefined) return foldersOf(inner, words);
  return command.options.flatMap(({ long }) => (long === "--cache" || long === "--output" ? [long] : []));
}

/** commander's faults in our words: without its prefix, with the command whose help explains. */
function misused({ code, message }: CommanderError, words: readonly string[]): Failure {
  const text = code === "commander.help" ? "a command is needed" : message.replace(/^error: /, "");
  const [name = ""] = words;
  const unknown = code === "commander.unknownCommand" && text.includes(`'${name}'`);
  const known = !unknown && /^[a-z]+$/.test(name);
  return new Failure("usage", text, { remedy: known ? `livewright ${name} --help` : "livewright --help" });
}
