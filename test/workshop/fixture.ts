import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../src/build/build.ts";
import { from, output, type Place } from "../../src/command.ts";
import { parseRecord, type ModuleRecord } from "../../src/netboot/record.ts";
import { layerStage } from "../../src/plan/layers.ts";
import { modulesOnly, packedStage } from "../../src/plan/modules-only.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan, type Stage } from "../../src/plan/stage.ts";
import { readBase } from "../../src/restack/base.ts";
import { restack } from "../../src/restack/restack.ts";
import { Sums } from "../../src/restack/sums.ts";
import { mksquashfs } from "../../src/tools/mksquashfs.ts";
import { carryOut, type Done } from "../../src/workshop/carry-out.ts";
import { ModulesFolder } from "../../src/workshop/folder.ts";
import { chainsOf, lowestFirst, type Image } from "../../src/workshop/image.ts";
import { modulesOf } from "../../src/workshop/planned.ts";
import { judge, keptConfiguration, type Standing, type Verdict } from "../../src/workshop/verdict.ts";
import { facts, workbench, type Workbench } from "../build/workbench.ts";

/** What each layer holds: a file, what is in it, and whether it holds state of dpkg besides. */
export interface Held {
  readonly path: string;
  readonly content: string;
  readonly packages?: true;
}

/** Images by name: the one that each extends, and its own layer. */
export const seed: Readonly<Record<string, string | undefined>> = {
  console: undefined,
  lightx: "console",
  fullx: "lightx",
  smtp: "console",
};

export const held: Readonly<Record<string, Held>> = {
  base: { path: "usr/base", content: "1", packages: true },
  essential: { path: "usr/essential", content: "1", packages: true },
  console: { path: "usr/console", content: "1", packages: true },
  lightx: { path: "usr/lightx", content: "1", packages: true },
  fullx: { path: "usr/fullx", content: "1", packages: true },
  smtp: { path: "etc/smtp", content: "1" },
  settings: { path: "etc/settings", content: "1" },
};

export const changed = (layer: string, more: Partial<Held> = { content: "2" }): Readonly<Record<string, Held>> => ({
  ...held,
  [layer]: { ...held[layer]!, ...more },
});

/** A layer's stage writes its file over those below; one whose content is "broken" fails. */
const tools = {
  "fake-layer": `out=$1 path=$2 content=$3 packages=$4
test "$content" != broken || { echo it is broken >&2; exit 1; }
mkdir -p "$out/tree/\${path%/*}"; printf %s "$content" > "$out/tree/$path"
printf '{"path":".","type":"directory"}\\n{"path":"%s","type":"file"}\\n' "$path" > "$out/manifest"
if [ "$packages" = yes ]; then mkdir -p "$out/tree/var/lib/dpkg"; echo "$path" > "$out/tree/var/lib/dpkg/status"
echo '{"path":"var/lib/dpkg/status","type":"file"}' >> "$out/manifest"; fi
tar -C "$out/tree" --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner -cf "$out/layer.tar" .`,
  "fake-iso": 'touch "$(dirname "$0")/../iso-was-made"; exit 9',
};
const versions = { "fake-layer": "1", "fake-iso": "1", mksquashfs: "1" };

export const layersOf = (name: string): readonly string[] => {
  const own = (each: string | undefined): readonly string[] => (each === undefined ? [] : [...own(seed[each]), each]);
  return ["base", "essential", ...own(name), "settings"];
};

export const imageOf = (name: string): Image => ({
  name,
  file: `/${name}.yaml`,
  layers: layersOf(name),
  inherited: seed[name] === undefined ? 0 : layersOf(seed[name]).length - 1,
});

export function planOf(name: string, content: Readonly<Record<string, Held>>): Plan {
  const layers = layersOf(name);
  const stages = layers.flatMap((layer, at): Stage[] => {
    const { path, content: text, packages } = content[layer]!;
    const below = layers.slice(0, at).map((each): Place => from(layerStage(each), "tree"));
    const args = [output("."), path, text, packages === true ? "yes" : "no", ...below];
    const squash = mksquashfs({
      tar: from(layerStage(layer), "layer.tar"),
      image: output("layer.squashfs"),
      compression: "gzip",
      block: 2 ** 17,
    });
    const packing = [run(squash), { do: "digest", file: output("layer.squashfs"), to: output("digests") }] as const;
    return [
      { name: layerStage(layer), revision: 1, bytes: 1, steps: [run({ tool: "fake-layer", args })] },
      { name: packedStage(layer), revision: 1, bytes: 1, after: ["raw"], keeps: from("raw", "disk"), steps: packing },
    ];
  });
  const others = ["raw", "iso"].map((other): Stage => {
    const args = layers.map((layer) => from(other === "raw" ? layerStage(layer) : packedStage(layer), "."));
    return { name: other, revision: 1, bytes: 1, steps: [run({ tool: "fake-iso", args })] };
  });
  const artefacts = [{ place: from("iso", "iso"), name: "demo.iso" }];
  return seal(
    name,
    [...stages, ...others].sort((a, b) => rank(a) - rank(b)),
    artefacts,
    facts({ versions }),
  );
}

const rank = ({ name }: Stage): number => (name.startsWith("layer") ? 0 : name === "raw" ? 1 : name === "iso" ? 3 : 2);

/** A bench with a folder of modules, and the way in which the verbs use it. */
export interface Shop extends Workbench {
  readonly modules: ModulesFolder;
  readonly judged: (
    wish: Wish,
  ) => Promise<{ readonly verdicts: readonly Verdict[]; readonly images: readonly Image[] }>;
  readonly carry: (wish: Wish) => Promise<Done>;
  /** Stages that were made since this was asked last. */
  readonly made: () => readonly string[];
  readonly record: (chain: string) => Promise<ModuleRecord>;
}

export interface Wish {
  readonly names?: readonly string[];
  readonly content?: Readonly<Record<string, Held>>;
  /** Only these modules. */
  readonly only?: readonly string[];
  readonly keep?: true;
}

export async function shop(): Promise<Shop> {
  const bench = await workbench(tools);
  const { site, events, folder } = bench;
  const sums = new Sums(site.cache.root);
  const modules = new ModulesFolder(join(folder, "modules"), { cache: site.cache, sums });

  const judged = async ({ names = Object.keys(seed), content = held, only, keep }: Wish) => {
    const images = lowestFirst(names.map(imageOf));
    const wanted = modulesOf(images.map((image) => ({ image, plan: planOf(image.name, content) }))).filter(
      ({ chain }) => only?.includes(chain) ?? true,
    );
    const standings = new Map<string, Standing>();
    for (const { chain } of wanted) standings.set(chain, await modules.standing(chain));
    const cached = new Set<string>();
    for (const { key } of wanted) if (await bench.fresh().has(key)) cached.add(key);
    const verdicts = judge(wanted, standings, (key) => cached.has(key));
    return { images, verdicts: keep === true ? keptConfiguration(verdicts, images, standings) : verdicts };
  };
  const carry = async (wish: Wish): Promise<Done> => {
    const { images, verdicts } = await judged(wish);
    await using replaced = await modules.setAside(true);
    return await carryOut({
      ...{ images, verdicts, folder: modules, cache: site.cache, report: site.report, signal: site.signal },
      build: async ({ name }, layers) => {
        await build(modulesOnly(planOf(name, wish.content ?? held), layers), site);
      },
      restack: async (chain, lower) => {
        const reading = { sums, scratch: join(folder, "notes"), signal: site.signal };
        const places = { cache: site.cache, from: replaced.places };
        const onto = await readBase(modules.record(lower), reading);
        return restack({ module: modules.image(chain), onto, places, strict: false, reading });
      },
    });
  };
  return {
    ...bench,
    modules,
    judged,
    carry,
    made: () =>
      events
        .splice(0)
        .flatMap((event) => (event.kind === "stage-finished" ? [event.stage] : []))
        .sort(),
    record: async (chain) => parseRecord(await readFile(modules.record(chain), "utf8")),
  };
}

/** Everything visible in the folder of modules. */
export const visibleIn = async ({ modules }: Shop): Promise<readonly string[]> =>
  (await readdir(modules.path)).filter((name) => !name.startsWith(".")).sort();

export const allChains = (names: readonly string[] = Object.keys(seed)): readonly string[] =>
  [...new Set(names.flatMap((name) => chainsOf(layersOf(name))))].sort();
