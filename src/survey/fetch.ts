import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { scratch } from "../system/scratch.ts";
import { download, fetchFault } from "../tools/apt.ts";
import { ask } from "./ask.ts";

/** Fetch one file through apt. Undefined if the archive answers that there is none. */
export async function fetchFile(url: string, signal: AbortSignal): Promise<Buffer | undefined> {
  await using folder = await scratch();
  const to = join(folder.path, "file");
  try {
    await ask(download(url, to), signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "step-failed") throw error;
    if (fetchFault(error.message) === "absent") return undefined;
    throw new Failure("transient", `${url} could not be fetched: ${aptsWords(error.message)}`, {
      remedy: "try again later, check the network and apt's proxy, or name another archive with --mirror",
      cause: error,
    });
  }
  return await readFile(to);
}

const aptsWords = (message: string): string =>
  /^E: Failed to fetch \S+ +(.+)$/m.exec(message)?.[1]?.trim() ?? message.split("\n").at(-1) ?? message;
