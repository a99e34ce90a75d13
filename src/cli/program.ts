import { CommanderError } from "commander";
import { Failure } from "../failure.ts";
import { commands } from "./commands.ts";
import type { World } from "./within.ts";

/** Run one command line, without the name of the program. */
export async function program(words: readonly string[], world: World): Promise<void> {
  try {
    await commands(world).parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw misused(error, words);
  }
}

/** commander's faults in our words: without its prefix, with the command whose help explains. */
function misused({ code, message }: CommanderError, words: readonly string[]): Failure {
  const text = code === "commander.help" ? "a command is needed" : message.replace(/^error: /, "");
  const [name = ""] = words;
  const unknown = code === "commander.unknownCommand" && text.includes(`'${name}'`);
  const known = !unknown && /^[a-z]+$/.test(name);
  return new Failure("usage", text, { remedy: known ? `livewright ${name} --help` : "livewright --help" });
}
