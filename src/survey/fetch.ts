import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { scratch } from "../system/scratch.ts";
import { fetchFault } from "../tools/apt.ts";
import type { HostApt } from "./apt.ts";

/** A file as an archive served it. */
export interface Fetched {
  readonly file: Buffer;
  /** When it last changed, in the archive's words, if it can be asked whether it changed since. */
  readonly modified?: string | undefined;
}

/** Fetch one file as apt would. Told `since`, the archive may answer that it has not changed; or that there is none. */
export async function fetchFile(
  { url, since }: { readonly url: string; readonly since?: string | undefined },
  apt: HostApt,
): Promise<Fetched | "unchanged" | "absent"> {
  await using folder = await scratch();
  const to = join(folder.path, "file");
  const asked = Date.now();
  const end = await apt.acquire({ url: url.replace(/^file:/, "copy:"), to, since });
  switch (end.kind) {
    case "unchanged":
      return "unchanged";
    case "failed":
      if (fetchFault(end.why) === "absent") return "absent";
      throw new Failure("transient", `${url} could not be fetched: ${end.why}`, {
        remedy: "try again later, check the network and apt's proxy, or name another archive with --mirror",
      });
    case "done":
      return { file: await readFile(to), modified: tells(end.modified, asked) };
  }
}

/** A file that changed just now may change once more within the same second (RFC 9110, 8.8.2.2), whichever clock is right. */
const settled = 60_000;

/** The date of a change, if it can tell this state of a file from the next one. apt makes up one of now where there is none. */
const tells = (modified: string | undefined, asked: number): string | undefined =>
  modified !== undefined && Date.parse(modified) < asked - settled ? modified : undefined;
