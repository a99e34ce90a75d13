import { writeFile } from "node:fs/promises";
import { pieces } from "../audit/image.ts";
import { firstDifference } from "./bytes.ts";
import type { Change, Difference } from "./difference.ts";
import type { Pair, Side } from "./media.ts";

const path = "ESP";

/** How two EFI system partitions differ: by their files, or, if those are the same, in how they lie. */
export async function compareEsps(pair: Pair): Promise<Difference[]> {
  const { published, rebuilt, signal } = pair;
  const at = await firstDifference(bytesOf(published, signal), bytesOf(rebuilt, signal));
  if (at === undefined) return [];
  const files = [...new Set([...published.esp.files.keys(), ...rebuilt.esp.files.keys()])].sort();
  const inner: Difference[] = [];
  for (const inside of files) {
    const changes = await compareFiles(inside, pair);
    if (changes.length > 0) inner.push({ path, inside, changes });
  }
  const layout = inner.length === 0 ? [{ what: "layout: the files in it are the same" }] : [];
  return [{ path, changes: [...layout, { what: "content", firstByte: at }] }, ...inner];
}

async function* bytesOf({ image, esp: { range } }: Side, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (range !== undefined) yield* pieces(image, range.at, range.length, signal);
}

async function compareFiles(inside: string, { published, rebuilt, samples }: Pair): Promise<Change[]> {
  const [was, is] = [published.esp.files.get(inside), rebuilt.esp.files.get(inside)];
  if (was === undefined || is === undefined)
    return [{ what: "presence", ...(was === undefined ? { rebuilt: "file" } : { published: "file" }) }];
  if (was.equals(is)) return [];
  const sample = samples.next(`${path}/${inside}`);
  if (sample !== undefined) {
    await writeFile(sample.published, was);
    await writeFile(sample.rebuilt, is);
  }
  const differing = was.findIndex((byte, at) => byte !== is[at]);
  const firstByte = differing < 0 ? was.length : differing;
  const sizes = { published: String(was.length), rebuilt: String(is.length) };
  return [...(was.length === is.length ? [] : [{ what: "size", ...sizes }]), { what: "content", firstByte }];
}
