import { describe, expect, test } from "vitest";
import { needs, plan } from "../../src/plan/plan.ts";
import { placeKey } from "../../src/plan/facts.ts";
import type { Plan, PlannedStage } from "../../src/plan/stage.ts";
import { settle } from "../../src/plan/views.ts";
import { longestLower } from "../../src/recipe/modules.ts";
import { facts } from "../build/workbench.ts";
import { faultsOf, load } from "../recipe/desk.ts";

/** A recipe with so many layers, whose names are so long. */
const many = (count: number, length = 3, more = ""): string => {
  const names = Array.from({ length: count }, (_, at) => String(at).padStart(length, "a"));
  const layers = names.map((name) => `  - { name: ${name}, packages: [package-${name}] }\n`);
  return `name: many\nsuite: bookworm\n${more}layers:\n${layers.join("")}`;
};

function planned(text: string): Plan {
  const { recipe } = load(text);
  const wish = { recipe, origin: { name: recipe.name, shipped: false }, keepRaw: false, by: "1.0" };
  const { places, tools } = needs(wish);
  const digests = Object.fromEntries([...places.map(placeKey), "secret:user"].map((key) => [key, `sha256 of ${key}`]));
  const known = facts({ digests, versions: Object.fromEntries(tools.map((tool) => [tool, "1"])) });
  return settle(plan(wish, known), "initramfs", "the same");
}

const names = ({ stages }: Plan): string[] => stages.map(({ name }) => name);
const stage = ({ stages }: Plan, wanted: string): PlannedStage => stages.find(({ name }) => name === wanted)!;
const keys = ({ stages }: Plan): Record<string, string | undefined> =>
  Object.fromEntries(stages.map(({ name, key }) => [name, key]));

describe("squashfs.modules", () => {
  const layers = planned(many(2));
  const single = planned(many(2, 3, "squashfs: { modules: single }\n"));

  test("says whether each layer is a module, or all are one", () => {
    const modulesOf = (of: Plan): string[] => names(of).filter((name) => name.startsWith("squashfs"));
    expect(modulesOf(layers)).toEqual(
      ["base", "essential", "aa0", "aa1", "settings"].map((name) => `squashfs-${name}`),
    );
    expect(modulesOf(single)).toEqual(["squashfs"]);
    expect(JSON.stringify(stage(single, "medium"))).toContain('"text":"filesystem.squashfs\\n"');
    expect(stage(single, "joined").steps).toMatchObject([
      {
        do: "join-layers",
        layers: ["base", "essential", "aa0", "aa1", "settings"].map((name) => ({ stage: `layer-${name}` })),
      },
    ]);
  });

  test("changes no layer", () => {
    const of = (from: Plan): [string, string | undefined][] =>
      Object.entries(keys(from)).filter(([name]) => name.startsWith("layer-"));
    expect(of(single)).toEqual(of(layers));
  });

  test("leaves the joined tar only while the build needs it, and makes the raw copy first", () => {
    expect(stage(single, "joined").passing).toBe(true);
    expect(stage(single, "squashfs").after).toEqual(["raw"]);
  });
});

describe("a budget", () => {
  const budget = "budget: { iso: 700M, root: 3G }\n";
  const within = (more: string): Plan => planned(many(1, 3, more).replace("package-aa0]", "package-aa0], budget: 1G"));

  test("is kept by the last stage alone, so that another one makes only the medium anew", () => {
    const [before, after] = [within(budget), within(budget.replace("700M", "650M"))];
    const changed = names(after).filter((name) => keys(before)[name] !== keys(after)[name]);
    expect(changed).toEqual(["initrd", "esp", "medium", "iso"]);
    expect(stage(after, "iso").steps.filter((step) => step.do === "budget")).toMatchObject([
      {
        limits: [
          { of: "root", most: 3 * 2 ** 30, key: "budget.root" },
          { of: "layer", layer: "aa0", most: 2 ** 30, key: "layers[0].budget" },
        ],
      },
      { limits: [{ of: "iso", most: 650 * 2 ** 20, key: "budget.iso" }] },
    ]);
  });

  test("is in no plan that sets none", () => {
    expect(JSON.stringify(planned(many(1)).stages)).not.toContain('"do":"budget"');
  });
});

describe("a long chain of layers", () => {
  test.each([1, 4, 16, 40, 80])("of %d is planned, a module each", (count) => {
    expect(names(planned(many(count))).filter((name) => name.startsWith("squashfs-"))).toHaveLength(count + 3);
  });

  test("grows no faster than its layers: forty take less than ten times the plan of four", () => {
    const [four, forty] = [4, 40].map((count) => JSON.stringify(planned(many(count))).length) as [number, number];
    expect(forty / four).toBeLessThan(10);
  });

  test("whose names no mount option can hold is refused where the layers are written, but not as a single module", () => {
    const text = many(62, 31);
    const [fault = "", ...others] = faultsOf(text);
    expect(others).toEqual([]);
    expect(fault).toMatch(
      /^recipe\.yaml:4:3: layers: 65 modules with these names take \d+ bytes of a mount option that can have 3839; shorten the names, join layers, or say squashfs\.modules: single$/,
    );
    expect(Number(/take (\d+)/.exec(fault)?.[1])).toBeGreaterThan(longestLower);
    expect(faultsOf(many(58, 31))).toEqual([]);
    expect(faultsOf(many(62, 31, "squashfs: { modules: single }\n"))).toEqual([]);
  });

  test("that mount(8) cannot hand over piece by piece is handed over at once", () => {
    const told = (count: number): boolean => JSON.stringify(planned(many(count))).includes("LIBMOUNT_FORCE_MOUNT2");
    expect([1, 3, 5, 40].map(told)).toEqual([false, false, true, true]);
    expect(JSON.stringify(planned(many(40, 3, "squashfs: { modules: single }\n")))).not.toContain("LIBMOUNT");
  });
});
