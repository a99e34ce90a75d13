import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { flatten } from "../src/build/flatten.ts";
import { differences } from "../src/build/tar/differences.ts";
import type { ManifestEntry } from "../src/build/tar/manifest.ts";
import { packing } from "../src/recipe/compression.ts";
import { never, scratch } from "./build/plant.ts";
import { readBack, stacked, withoutRoot } from "./build/stack.ts";
import { fourLayers } from "./four-layers.ts";
import { builtModules } from "./workshop.ts";

describe("layers that delete, replace, rename and give a capability", () => {
  let layers: readonly string[] = [];
  let single: readonly string[] = [];
  let tree: readonly ManifestEntry[] = [];
  beforeAll(async () => {
    await using folder = await fourLayers();
    const build = (...set: readonly string[]): ReturnType<typeof builtModules> =>
      builtModules(join(folder.path, "recipe.yaml"), ...set);
    // Both of one state of the archive, which may change at any moment.
    do {
      layers = await build();
      single = await build("squashfs.modules=single");
    } while ((await build()).join() !== layers.join());
    tree = await readBack(single[0] ?? "");
  });

  test("are a module each, or one", () => {
    expect([layers.length, single.length]).toEqual([8, 1]);
  });

  test("show as modules, stacked by the kernel, exactly what the single module holds", async () => {
    await using place = await scratch();
    expect(differences(withoutRoot(await stacked(place.path, layers)), withoutRoot(tree))).toEqual([]);
    expect(tree.length).toBeGreaterThan(5000);
  });

  test("are right in it", () => {
    const by = new Map(tree.map((entry) => [entry.path, entry]));
    expect([...by.keys()].filter((path) => path.startsWith("opt/"))).toEqual(
      [
        ...["became-a-file", "became-a-folder", "became-a-folder/in", "kept", "kept/file", "linked-a", "linked-b"],
        ...["renamed", "renamed/sub", "renamed/sub/file", "replaced", "replaced/new"],
      ].map((path) => `opt/${path}`),
    );
    expect(by.get("opt/became-a-file")).toMatchObject({ type: "file", size: 5 });
    expect(by.get("opt/linked-b")).toMatchObject({ type: "link", target: "opt/linked-a" });
    expect(by.get("opt/renamed/sub/file")).toMatchObject({ mode: "0640", uid: 0, gid: 4, size: 6 });
    expect(by.get("usr/local/bin/probe")?.xattrs).toHaveProperty(["security.capability"]);
    expect(by.get("usr/bin/ping")?.xattrs ?? by.get("bin/ping")?.xattrs ?? {}).not.toHaveProperty([
      "trusted.overlay.opaque",
    ]);
  });

  test("give, flattened from the finished modules, the bytes of the single one", async () => {
    await using place = await scratch();
    const to = join(place.path, "flat.squashfs");
    const usual = packing({ compression: "zstd" });
    await flatten({ ...usual, modules: layers, to, report: () => undefined, signal: never() });
    expect((await readFile(to)).equals(await readFile(single[0] ?? ""))).toBe(true);
  });
});
