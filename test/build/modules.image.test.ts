import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import type { Sizes } from "../../src/build/weigh.ts";
import { from, output } from "../../src/command.ts";
import { layerNames, layerStage, sealed } from "../../src/plan/layers.ts";
import { placesIn, toolsIn } from "../../src/plan/places.ts";
import { seal } from "../../src/plan/seal.ts";
import { placeKey } from "../../src/plan/facts.ts";
import { run, type Limit, type Plan, type Stage, type Step } from "../../src/plan/stage.ts";
import { inventory } from "../../src/plan/stages/initramfs.ts";
import { sizes } from "../../src/plan/stages/sizes.ts";
import { imageOf, modulesOf, squashfs } from "../../src/plan/stages/squashfs.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { load } from "../recipe/desk.ts";
import { readBack } from "./stack.ts";
import { facts, workbench } from "./workbench.ts";

const epoch = 1_700_000_000;

/** What build.json says of sizes. */
interface Told extends Sizes {
  readonly modules: readonly { readonly file: string; readonly bytes: number }[];
}

function recipeOf(count: number, modules: "layers" | "single"): Recipe {
  const names = Array.from({ length: count }, (_, at) => `  - { name: l${String(at)} }\n`);
  const text = `name: tiny\nsuite: bookworm\nsquashfs: { modules: ${modules} }\nlayers:\n${names.join("")}`;
  return load(text).recipe;
}

/** Each layer has a file of its own, one that all of them have, and deletes what the one below it left for that. */
const makeLayer = [
  'mkdir -p "$1/var/lib/dpkg/info" "$1/all"; cd "$1"',
  'echo "$2" > "all/$2"; head -c 1000 /dev/zero > shared; echo bait > "bait-$2"',
  'if [ -n "$3" ]; then mknod -m 0 "bait-$3" c 0 0; fi',
  'printf "/.\\n/all\\n/all/%s\\n" "$2" > "var/lib/dpkg/info/$2.list"',
].join("\n");

const fake = (name: string, file: string, text: string): Stage => ({
  name,
  revision: 1,
  bytes: 1,
  steps: [{ do: "write", text, to: output(file) }],
});

/** The real stages that make modules and weigh them, on layers that take no time. */
function planned(recipe: Recipe, limits: readonly Limit[] = []): Plan {
  const names = layerNames(recipe);
  const layers = names.map((name, at): Stage => {
    const args = ["-euc", makeLayer, "sh", output("tree"), name, names[at - 1] ?? ""];
    return { name: layerStage(name), revision: 1, bytes: 1, steps: [run({ tool: "sh", args }), sealed(epoch)] };
  });
  const within: Stage = {
    name: "within",
    revision: 1,
    bytes: 1,
    steps: [
      { do: "budget", limits, sizes: from("sizes", "sizes.json") },
      {
        ...{ do: "provenance", provenance: { format: 1 }, suite: "bookworm", wanted: [] },
        files: modulesOf(recipe).map((module) => ({ name: `/live/${module.file}`, file: imageOf(module) })),
        ...{ sizes: from("sizes", "sizes.json"), to: output("build.json") },
      },
    ],
  };
  const packages = names.map((name) => `${name}\t1.0\n`).join("");
  const written: Step = { do: "write", text: packages, to: output("packages") };
  const listed: Stage = { ...inventory(recipe), steps: [written, ...inventory(recipe).steps.slice(1)] };
  const stages = [
    ...[...layers, fake("raw", "disk.img", ""), fake("disk", "disk.img", ""), listed],
    ...[...squashfs(recipe), sizes(recipe), within],
  ];
  const sources = stages.flatMap(placesIn).filter((place) => place.at === "source");
  const digests = Object.fromEntries(sources.map((place) => [placeKey(place), placeKey(place)]));
  const versions = Object.fromEntries(stages.flatMap(toolsIn).map((tool) => [tool, "1"]));
  const artefacts = [
    { place: from("within", "build.json"), name: "build.json" },
    ...modulesOf(recipe).map((module) => ({ place: imageOf(module), name: module.file })),
  ];
  return seal("tiny", stages, artefacts, facts({ digests, versions }));
}

async function made(
  recipe: Recipe,
): Promise<{ sizes: Told; images: readonly string[]; bytes: number; seconds: number }> {
  await using bench = await workbench({});
  const began = performance.now();
  const [told, ...images] = await build(planned(recipe), bench.site);
  const seconds = (performance.now() - began) / 1000;
  const json = await readFile(told?.path ?? "", "utf8");
  const trees = await Promise.all(
    images.map(async ({ path }) => (await readBack(path)).map((entry) => entry.path).join()),
  );
  return { sizes: (JSON.parse(json) as { sizes: Told }).sizes, images: trees, bytes: json.length, seconds };
}

describe("on layers that take no time", () => {
  test("a single module holds what the layers show, and the figures tell of both", async () => {
    const { sizes, images } = await made(recipeOf(2, "single"));
    const lists = ["base", "essential", "l0", "l1", "settings"];
    const paths = [".", "all", ...lists.map((name) => `all/${name}`), "bait-settings", "shared", "var"].join();
    expect(images).toHaveLength(1);
    expect(images[0]).toContain(paths);
    expect(sizes.layers.map(({ name }) => name)).toEqual(lists);
    expect(sizes.modules).toMatchObject([{ file: "filesystem.squashfs", bytes: 4096 }]);
    expect(sizes.packages.map(({ name, layer, bytes }) => [name, layer, bytes])).toEqual(
      [...lists].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).map((name) => [name, name, name.length + 1]),
    );
    expect(sizes.root).toBeLessThan(sizes.layers.reduce((sum, { files }) => sum + files, 0));
  });

  test("a budget that is not kept fails the build, naming the layer's packages", async () => {
    await using bench = await workbench({});
    const limit = { of: "layer", layer: "l0", most: 100, key: "layers[0].budget" } as const;
    const kept = { of: "root", most: 1e6, key: "budget.root" } as const;
    await expect(build(planned(recipeOf(1, "layers"), [limit, kept]), bench.site)).rejects.toMatchObject({
      code: "verification-failed",
      message: expect.stringMatching(/the layer l0 has .* than layers\[0\]\.budget allows.*\n.* l0\n/u) as string,
    });
    expect(await bench.left()).toEqual([]);
  });

  test("nothing grows faster than the layers: forty of them take no ten times as long, or as many bytes, as four", async () => {
    await made(recipeOf(1, "layers"));
    const [four, sixteen, forty] = [
      await made(recipeOf(4, "layers")),
      await made(recipeOf(16, "layers")),
      await made(recipeOf(40, "layers")),
    ];
    expect([four, sixteen, forty].map(({ images }) => images.length)).toEqual([7, 19, 43]);
    // What every layer costs may vary with the machine's other work, by half.
    expect(forty.seconds / four.seconds).toBeLessThan(15);
    expect(forty.bytes / four.bytes).toBeLessThan(10);
    expect(forty.sizes.packages).toHaveLength(43);
  });
});
