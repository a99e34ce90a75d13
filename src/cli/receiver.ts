import { existsSync, realpathSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { Failure } from "../failure.ts";
import { pasted } from "../report/words.ts";
import type { Receive } from "../serve/http.ts";
import { SavedModules } from "../serve/saved.ts";
import { readToken } from "../serve/token.ts";
import { uploads } from "../serve/uploads.ts";
import type { Uploading } from "./options.ts";
import type { Session } from "./session.ts";

/** What is wrong with the words about uploads. */
export const tokenFaults = ({
  uploads: to,
  tokenFile,
}: Pick<Uploading, "uploads" | "tokenFile">): readonly string[] => [
  ...(to !== undefined && tokenFile === undefined ? ["--uploads needs --token-file: nobody else may write"] : []),
  ...(to === undefined && tokenFile !== undefined ? ["--token-file is for --uploads"] : []),
];

/** What takes saved modules, and has their folder to itself until it is disposed of. */
export interface Receiver extends AsyncDisposable {
  readonly receive: Receive;
}

/** Takes saved modules from guests for whom the netboot folder at `path` is served, if that was asked for. */
export async function receiver(
  path: string,
  { uploads: folder, tokenFile, uploadLimit }: Uploading,
  { signal }: Pick<Session, "signal">,
): Promise<Receiver | undefined> {
  if (folder === undefined || tokenFile === undefined) return undefined;
  const token = await readToken(tokenFile);
  let there = resolve(folder);
  while (!existsSync(there)) there = dirname(there);
  if (relative(path, realpathSync(there)).split("/")[0] !== "..")
    throw new Failure("usage", `${folder} lies in the folder that is served`, {
      remedy: "name another: what guests send is served only after somebody looked at it",
    });
  const saved = new SavedModules(folder);
  const held = await saved.hold(signal);
  const complete = (name: string): string => {
    const file = resolve(folder, `${name}.squashfs`);
    return `${name} is whole. To serve it: livewright stack ${pasted(file)} --in ${pasted(path)}`;
  };
  return {
    receive: uploads({ saved, token, limit: uploadLimit, complete }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
