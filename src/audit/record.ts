import { recordPath, type MediumRecord } from "../medium.ts";
import type { Tree } from "./tree.ts";
import { error, errors, warning, type Facts, type Finding, type KernelFacts } from "./verdict.ts";
import type { Read, Volume } from "./volume.ts";

/** What the medium says of itself, as far as it can be believed. */
export function readRecord(text: string | undefined): Read<MediumRecord | undefined> {
  const where = `/${recordPath}`;
  if (text === undefined) {
    const missing = error(where, "it is missing: this medium was not made by Livewright, or not to its end");
    return { value: undefined, findings: [missing] };
  }
  try {
    const record = JSON.parse(text) as Partial<MediumRecord>;
    if (record.format !== 1)
      return { value: undefined, findings: [error(where, "it has another format than this program knows")] };
    const whole = lists.every((key) => Array.isArray(record[key])) && Array.isArray(record.menu?.entries);
    if (whole && typeof record.marker === "string") return { value: record as MediumRecord, findings: [] };
    return { value: undefined, findings: [error(where, "it lacks parts of what a medium says of itself")] };
  } catch {
    // Anything that JSON.parse refuses is told in the same words.
    return { value: undefined, findings: [error(where, "it cannot be read")] };
  }
}

const lists = ["modules", "patched", "checks"] as const;

/** Those facts of a medium that it tells itself. */
export const said = (record: MediumRecord | undefined): Partial<Facts> =>
  record === undefined
    ? {}
    : {
        name: record.name,
        version: record.version,
        suite: record.suite,
        architecture: record.architecture,
        marker: record.marker,
      };

interface Medium {
  readonly volume: Volume;
  readonly tree: Tree;
  readonly kernels: readonly KernelFacts[];
  readonly texts: { readonly info: string; readonly order: string };
}

/** The medium is what it says of itself: names, marker, modules, kernels. */
export function judgeRecord(record: MediumRecord, { volume, tree, kernels, texts }: Medium): Finding[] {
  const releases = [...new Set(kernels.filter(({ path }) => path.startsWith("/live/")).map(({ release }) => release))];
  return [
    ...errors("ISO 9660", [[volume.id !== record.volume, `the volume id is ${volume.id} instead of ${record.volume}`]]),
    ...errors(record.marker, [
      [tree.get(record.marker.slice(1)) === undefined, "the file by which GRUB finds its medium is missing"],
    ]),
    ...errors("/.disk/info", [[texts.info.trim() === "", "it is missing or empty"]]),
    ...releases
      .filter((release) => release !== record.kernel)
      .map((release) => error("/live", `its kernel is ${release} instead of ${record.kernel}`)),
    ...judgeModules(record.modules, texts.order, tree),
  ];
}

/** The order of modules is what the medium says, and each is there. */
export function judgeModules(modules: readonly string[], order: string, tree: Tree): Finding[] {
  const listed = order.split(/\s+/).filter((name) => name !== "");
  const there = [...tree.keys()]
    .filter((path) => /^live\/[^/]+\.squashfs$/.test(path))
    .map((path) => path.slice("live/".length));
  return [
    ...errors("/live/filesystem.module", [
      [listed.length === 0, "it is missing or empty: live-boot would order the modules by name"],
      [
        listed.length > 0 && listed.join(" ") !== modules.join(" "),
        `it lists ${listed.join(", ")}; the medium's record has ${modules.join(", ")}`,
      ],
    ]),
    ...listed
      .filter((name) => tree.get(`live/${name}`) === undefined)
      .map((name) => error(`/live/${name}`, "this module is missing")),
    ...there
      .filter((name) => !listed.includes(name))
      .map((name) => warning(`/live/${name}`, "this module is not in filesystem.module and is never mounted")),
  ];
}
