import { realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { Failure } from "../failure.ts";
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

/** Takes saved modules from guests for whom the netboot folder at `path` is served, if that was asked for. */
export async function receiver(
  path: string,
  { uploads: folder, tokenFile, uploadLimit }: Uploading,
  { report }: Pick<Session, "report">,
): Promise<Receive | undefined> {
  if (folder === undefined || tokenFile === undefined) return undefined;
  const token = await readToken(tokenFile);
  const saved = new SavedModules(folder);
  await saved.tidy();
  if (!relative(path, realpathSync(folder)).startsWith("../"))
    throw new Failure("usage", `${folder} lies in the folder that is served`, {
      remedy: "name another: what guests send is served only after somebody looked at it",
    });
  const complete = (name: string): void => {
    const file = join(folder, `${name}.squashfs`);
    report({ kind: "note", text: `${name} is whole. To serve it: livewright stack ${file} --in ${path}` });
  };
  return uploads({ saved, token, limit: uploadLimit, report, complete });
}
