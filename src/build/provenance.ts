import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { lockRecord } from "../archive/lock.ts";
import type { Place } from "../command.ts";
import type { Step } from "../plan/stage.ts";
import { folderSums } from "../medium.ts";
import { readText } from "../system/files.ts";
import type { KnownDigests } from "../system/known-digests.ts";
import { readDigests } from "./checksums.ts";
import { bytesIn } from "./folder.ts";
import { locate, type Whereabouts } from "./locate.ts";
import type { Sizes } from "./weigh.ts";

/** How a medium came to be, with what is known once all of its parts are there. */
export async function provenance(
  { provenance: planned, suite, wanted, files, sizes }: Extract<Step, { do: "provenance" }>,
  at: Whereabouts,
): Promise<object> {
  const find = (place: Place): string => locate(place, at);
  const printed = await Promise.all(wanted.map((place) => readText(find(place))));
  const digests: Record<string, string> = {};
  for (const { name, file, digests: known } of files)
    digests[name] =
      known === undefined ? await sha256(find(file), at.site.cache.digests) : (await readDigests(find(known))).sha256;
  const lock = lockRecord(await at.site.archive.lockOf(suite, printed));
  const modules = await Promise.all(
    files
      .filter(({ name }) => name.endsWith(".squashfs"))
      .map(async ({ name, file }) => ({ file: basename(name), bytes: (await stat(find(file))).size })),
  );
  return {
    ...planned,
    files: digests,
    lock,
    sizes: { ...(JSON.parse(await readText(find(sizes))) as Sizes), modules },
  };
}

/** The same, as it lies beside the finished medium. A folder is known by the list of its checksums. */
export async function attested(
  { provenance: on, of, livewright, medium, name }: Extract<Step, { do: "attest" }>,
  find: (place: Place) => string,
  digests: KnownDigests,
): Promise<object> {
  const { format, ...told } = JSON.parse(await readText(find(on))) as { readonly format: unknown };
  const bytes = of === "iso" ? (await stat(find(medium))).size : await bytesIn(find(medium));
  const file = of === "iso" ? find(medium) : join(find(medium), folderSums);
  return { format, livewright, [of]: { name, bytes, sha256: await sha256(file, digests) }, ...told };
}

async function sha256(path: string, digests: KnownDigests): Promise<string> {
  const [digest = ""] = await digests.of(path, ["sha256"]);
  return digest;
}
