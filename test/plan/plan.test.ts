import { expect, test } from "vitest";
import { from } from "../../src/command.ts";
import { readRecipe } from "../../src/cli/recipe-source.ts";
import { readsOf } from "../../src/plan/places.ts";
import { placeKey, type Facts } from "../../src/plan/facts.ts";
import type { Plan } from "../../src/plan/stage.ts";
import { settle } from "../../src/plan/views.ts";
import { needs, plan } from "../../src/plan/plan.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { facts } from "../build/workbench.ts";

const origin = { name: "minimal", shipped: true };

async function planned(name: string, sets: readonly string[] = [], more: Partial<Facts> = {}): Promise<Plan> {
  const { recipe } = await readRecipe(name, sets);
  return seen(plan({ recipe, origin, keepRaw: false, by: "1.0" }, known(recipe, more)));
}

/** With the same to be seen in the finished tree, whatever is in it besides. */
const seen = (made: Plan): Plan => settle(made, "initramfs", "the same");

function known(recipe: Recipe, more: Partial<Facts> = {}): Facts {
  const { places, tools } = needs({ recipe, origin, keepRaw: false, by: "1.0" });
  const digests = Object.fromEntries([...places.map(placeKey), "secret:user"].map((key) => [key, `sha256 of ${key}`]));
  return { ...facts({ digests, versions: Object.fromEntries(tools.map((tool) => [tool, "1"])) }), ...more };
}

const keys = ({ stages }: Plan): Record<string, string> =>
  Object.fromEntries(stages.map(({ name, key = "pending" }) => [name, key]));
const changed = (before: Plan, after: Plan): string[] => {
  const was = keys(before);
  return Object.entries(keys(after)).flatMap(([name, key]) => (was[name] === key ? [] : [name]));
};

test("a plan, and so the UUID that a medium publishes, tells of a password nothing but its slow digest", async () => {
  const [one, other] = [
    await planned("minimal", ["user.password=one"]),
    await planned("minimal", ["user.password=two"]),
  ];
  expect(other).toEqual(one);
  const digests = { ...known((await readRecipe("minimal", [])).recipe).digests, "secret:user": "another" };
  expect(changed(one, await planned("minimal", ["user.password=one"], { digests }))).toContain("medium");
});

test("the plan of minimal", async () => {
  const { recipe } = await readRecipe("minimal", []);
  const made = plan({ recipe, origin, keepRaw: false, by: "1.0" }, known(recipe));
  const text = `${JSON.stringify(made, undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../golden/minimal.plan.json");
});

test("layers are framed by base, essential and settings", async () => {
  const layers = (await planned("standard")).stages.map(({ name }) => name).filter((name) => name.startsWith("layer-"));
  expect(layers).toEqual(["layer-base", "layer-essential", "layer-standard", "layer-portable", "layer-settings"]);
});

const bootstrapped = ({ stages }: Plan): string =>
  JSON.stringify(stages.find(({ name }) => name === "layer-base")?.steps.find((step) => step.do === "run"));

test("the base has certificates only where the image's apt asks for them", async () => {
  expect(bootstrapped(await planned("minimal"))).not.toContain("ca-certificates");
  expect(bootstrapped(await planned("minimal", ["mirrors.image=https://m.example/debian"]))).toContain(
    "ca-certificates",
  );
  const secure = facts().archive.releases.map((release) => ({ ...release, url: "https://b.example/debian" }));
  const archive = { ...facts().archive, releases: secure };
  expect(bootstrapped(await planned("minimal", [], { archive }))).not.toContain("ca-certificates");
  expect(bootstrapped(await planned("minimal", ["layers[0].network=true"], { archive }))).toContain("ca-certificates");
});

test("no step of a shipped recipe reaches the network, whatever it installs", async () => {
  for (const name of ["minimal", "standard", "xfce", "rescue", "debian-builder"]) {
    const steps = (await planned(name)).stages.flatMap((stage) => stage.steps);
    const sandboxes = steps.flatMap((step) => (step.do === "run" && step.in !== undefined ? [step.in] : []));
    expect(sandboxes.filter(({ network }) => network)).toEqual([]);
    expect(sandboxes.filter(({ archive }) => archive).length).toBeGreaterThan(2);
  }
});

test("a layer that asks for the network gets it for its hooks, and its packages install without", async () => {
  const { recipe } = await readRecipe("minimal", []);
  const layers = recipe.layers.map((layer) => ({ ...layer, network: true }));
  const { stages } = plan({ recipe: { ...recipe, layers }, origin, keepRaw: false, by: "1.0" }, known(recipe));
  const steps = stages.find(({ name }) => name === "layer-minimal")?.steps ?? [];
  const rooms = steps.flatMap((step) => (step.do === "run" && step.in !== undefined ? [step.in] : []));
  expect(rooms.map(({ network, archive }) => [network, archive ?? false])).toEqual([
    [false, true],
    [false, true],
    [true, false],
    [false, false],
  ]);
});

test("another password rebuilds no packages", async () => {
  const before = await planned("minimal");
  const { recipe } = await readRecipe("minimal", []);
  const digests = { ...known(recipe).digests, "secret:user": "another" };
  const after = seen(plan({ recipe, origin, keepRaw: false, by: "1.0" }, known(recipe, { digests })));
  expect(changed(before, after)).toEqual([
    ...["layer-settings", "inventory", "raw", "disk", "squashfs-settings", "sizes"],
    ...["initrd", "esp", "medium", "iso"],
  ]);
});

test("a menu title rebuilds the medium only, and what carries its name", async () => {
  expect(changed(await planned("minimal"), await planned("minimal", ["menu.title=Other"]))).toEqual([
    ...["initrd", "esp", "medium", "iso"],
  ]);
});

test("initrd and ESP are made beside the modules and the raw copy, and wait for neither", async () => {
  const { stages } = await planned("minimal");
  const waitsFor = (name: string): readonly unknown[] => {
    const stage = stages.find((each) => each.name === name)!;
    return [...readsOf(stage), ...(stage.after ?? [])];
  };
  expect(waitsFor("initrd")).toEqual(["initramfs"]);
  expect(waitsFor("esp")).toEqual(["loaders"]);
  expect(waitsFor("medium")).toEqual(expect.arrayContaining(["initrd", "esp", "squashfs-settings"]));
});

test("a moved archive rebuilds what installs from it, and all that stands on that", async () => {
  const archive = facts().archive;
  const releases = archive.releases.map((release) => ({ ...release, digest: "b".repeat(64) }));
  const after = await planned("minimal", [], { archive: { ...archive, releases } });
  expect(changed(await planned("minimal"), after)).toEqual(
    Object.keys(keys(after)).filter((name) => !["pictures", "initramfs"].includes(name)),
  );
});

test("another tool version rebuilds what the tool makes", async () => {
  const { recipe } = await readRecipe("minimal", []);
  const versions = { ...known(recipe).versions, mksquashfs: "2" };
  const after = await planned("minimal", [], { versions });
  expect(changed(await planned("minimal"), after).filter((name) => name.startsWith("layer-"))).toEqual([]);
  expect(changed(await planned("minimal"), after)).toContain("squashfs-base");
});

test("no address of a mirror, no path and no password of this machine is in a plan", async () => {
  const text = JSON.stringify(await planned("minimal", ["user.password=canary-4711"]));
  expect(text).not.toContain("archive.example");
  expect(text).not.toContain("canary-4711");
  expect(text).not.toContain(process.cwd());
});

test("the raw copy comes before the last module, whose layer makes the tree whole, and enters no module's key", async () => {
  const { stages } = await planned("minimal");
  const squashes = stages.filter(({ name }) => name.startsWith("squashfs-"));
  expect(squashes.map(({ after }) => after)).toEqual([...squashes.slice(1).map(() => undefined), ["raw"]]);
  expect(squashes.map(({ keeps }) => keeps)).toEqual(squashes.map(() => from("disk", "disk.img")));
  expect(
    squashes.flatMap(({ ingredients }) => Object.keys(ingredients)).filter((name) => name.includes("raw")),
  ).toEqual([]);
});

test("a medium of more modules than Linux makes loop devices for asks for enough of them", async () => {
  const { stages } = await planned("rescue");
  const steps = (stage: string): string => JSON.stringify(stages.find(({ name }) => name === stage)?.steps);
  const modules = new Set(steps("medium").match(/live\/\d\d-\w+\.squashfs/g));
  expect(modules.size).toBeGreaterThan(8);
  expect(steps("initrd")).toContain(`options loop max_loop=${String(modules.size + 8)}\\n`);
});

test("kernel, initrd and modules are linked into the medium's tree and not read again, but where a hook may write to them", async () => {
  const carried = async (sets: readonly string[]): Promise<readonly unknown[]> => {
    const steps = (await planned("minimal", sets)).stages.find(({ name }) => name === "medium")?.steps ?? [];
    return steps.flatMap((step) => {
      if (step.do === "checksums") return [Object.keys(step.known)];
      if (!("from" in step) || step.from.at !== "stage") return [];
      return ["squashfs-base", "initramfs", "initrd"].includes(step.from.stage) ? [step.do] : [];
    });
  };
  const modules = ["01-base", "02-essential", "03-minimal", "04-settings"].map((name) => `live/${name}.squashfs`);
  expect(await carried([])).toEqual(["link", "link", "link", ["live/initrd.img", ...modules]]);
  expect(await carried(["medium-hooks=[hooks/clean]"])).toEqual(["copy", "copy", "copy", []]);
});

test("what views the tree has no key before the layers are made, and neither has what stands on it", async () => {
  const { recipe } = await readRecipe("minimal", []);
  const made = plan({ recipe, origin, keepRaw: false, by: "1.0" }, known(recipe));
  expect(made.stages.flatMap(({ name, awaits }) => (awaits === undefined ? [] : [[name, ...awaits]]))).toEqual([
    ["initramfs", "view of the root filesystem"],
    ["disk", "stage initramfs"],
    ["initrd", "stage initramfs"],
    ["medium", "stage initramfs", "stage initrd"],
    ["iso", "stage initrd", "stage medium"],
  ]);
  expect(Object.values(keys(seen(made)))).not.toContain("pending");
});

test("another view changes the initramfs and what is made with it, and no more", async () => {
  const before = await planned("minimal");
  const { recipe } = await readRecipe("minimal", []);
  const after = settle(plan({ recipe, origin, keepRaw: false, by: "1.0" }, known(recipe)), "initramfs", "another");
  expect(changed(before, after)).toEqual(["initramfs", "disk", "initrd", "medium", "iso"]);
});

test("one layer more changes nothing of how the initramfs is made", async () => {
  const { recipe } = await readRecipe("minimal", []);
  const more: Recipe = { ...recipe, layers: [...recipe.layers, { ...recipe.layers[0]!, name: "extra" }] };
  const [one, other] = [recipe, more].map((each) =>
    plan({ recipe: each, origin, keepRaw: false, by: "1.0" }, known(each)),
  );
  const ingredients = (made?: Plan): unknown => made?.stages.find(({ name }) => name === "initramfs")?.ingredients;
  expect(ingredients(other)).toEqual(ingredients(one));
});

const both = "media=[{ kind: iso }, { kind: netboot }]";

test("a netboot folder beside an ISO changes nothing of how that is made", async () => {
  const alone = await planned("minimal");
  const beside = await planned("minimal", [both]);
  expect(changed(alone, beside)).toEqual(["netboot-loaders", "netboot"]);
  const iso = (made: Plan): unknown => made.stages.filter(({ name }) => name in keys(alone));
  expect(iso(beside)).toEqual(iso(alone));
});

test("a netboot folder is the same whether or not there is an ISO beside it", async () => {
  const alone = await planned("minimal", ["media=[{ kind: netboot }]"]);
  const hooks = {
    "program:hooks/cpio": { commit: "c", dirty: false },
    "program:hooks/of-no-medium": { commit: "e", dirty: true },
  };
  const [beside, reversed] = [hooks, Object.fromEntries(Object.entries(hooks).reverse())];
  const told = await planned("minimal", [both], { hooks: beside });
  expect(changed(told, await planned("minimal", ["media=[{ kind: netboot }]"], { hooks: reversed }))).toEqual([]);
  expect(JSON.stringify(told.stages.find(({ name }) => name === "netboot")?.steps)).not.toContain("of-no-medium");
  expect(changed(await planned("minimal", [both]), alone)).toEqual([]);
  expect(Object.keys(keys(alone))).not.toContain("iso");
  expect(alone.artefacts.map(({ name }) => name.replace(/^.*amd64\./, ""))).toEqual([
    ...["netboot", "packages", "contents", "netboot.json"],
  ]);
});

test("the ISO and the folder have kernel, initrd and modules of the same steps", async () => {
  const { stages } = await planned("minimal", [both]);
  const live = (stage: string): unknown =>
    (stages.find(({ name }) => name === stage)?.steps ?? []).filter(
      (step) =>
        "to" in step &&
        step.to.at !== "scratch" &&
        /^tree\/(live\/(vmlinuz|initrd|\d)|\.disk\/(live-uuid|id))/.test((step.to as { path: string }).path),
    );
  expect(live("netboot")).toEqual(live("medium"));
  expect(JSON.stringify(live("netboot")).match(/squashfs-\w+/g)).toHaveLength(4);
});

test("a netboot folder waits for neither an installer nor pictures", async () => {
  const { stages } = await planned("rescue", ["media=[{ kind: netboot }]", "installer.kind=debian-installer"]);
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    const stage = stages.find((each) => each.name === name)!;
    [...readsOf(stage), ...(stage.after ?? [])].forEach(visit);
  };
  visit("netboot");
  expect(needed).toContain("raw");
  expect([...needed].filter((name) => ["installer", "pictures", "medium", "iso"].includes(name))).toEqual([]);
});

test("forty layers of a file each are foreseen to need little more room than none", async () => {
  const room = async (sets: readonly string[]): Promise<number> =>
    (await planned("minimal", sets)).stages.reduce((sum, { bytes }) => sum + bytes, 0);
  const layers = Array.from({ length: 40 }, (_, at) => `{ name: small-${String(at)}, files: themes }`).join(", ");
  const [none, forty] = [await room([]), await room([`layers=[${layers}]`])];
  expect(forty - none).toBeGreaterThan(40 * 10e6);
  expect(forty - none).toBeLessThan(5e9);
});
