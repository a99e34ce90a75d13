import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesHere } from "../../src/cli/recipe-source.ts";
import { loadRecipe } from "../../src/recipe/load.ts";
import { secretDigests } from "../../src/cli/secrets.ts";
import { placesIn, readsOf } from "../../src/plan/places.ts";
import { needs, plan } from "../../src/plan/plan.ts";
import { placeKey, type Facts } from "../../src/plan/facts.ts";
import type { Plan } from "../../src/plan/stage.ts";
import { settle } from "../../src/plan/views.ts";
import { recipeKeys } from "../../src/recipe/keys.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import type { Shape } from "../../src/recipe/shape.ts";
import { digestSources } from "../../src/survey/digest.ts";
import { checkout } from "../livewright.ts";
import { facts } from "../build/workbench.ts";

/** One of everything, so that every key can be changed. */
const text = `name: demo
suite: bookworm
layers:
  - { name: lower, packages: [nano] }
  - { name: upper, tasks: [task-ssh-server], packages: [less], files: overlay, hooks: [hooks/one] }
repositories: [{ name: tools, url: "http://tools.example/r", suite: bookworm, key: keys/tools.asc }]
user: { password: live }
menu: { languages: [{ title: Nederlands, locale: nl_NL.UTF-8, layout: nl }], entries: [{ name: kiosk, title: Kiosk }] }
installer: { kind: debian-installer, preseed: preseed.cfg }
media: [{ kind: iso }]
medium-hooks: [hooks/medium]
checks: ["true"]
`;
const files: Readonly<Record<string, string>> = {
  "recipe.yaml": text,
  "overlay/etc/motd": "welcome\n",
  "overlay/usr/bin/tool": "#!/bin/sh\n",
  "hooks/one": "#!/bin/sh\n",
  "hooks/two": "#!/bin/sh\n",
  "hooks/medium": "#!/bin/sh\n",
  "keys/tools.asc": "key\n",
  "keys/other.asc": "another\n",
  "preseed.cfg": "d-i answers\n",
  "other.cfg": "d-i other answers\n",
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keys "));
  await fill();
});
afterAll(() => rm(folder, { recursive: true }));

async function fill(): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), content);
    await chmod(join(folder, name), content.startsWith("#!") ? 0o755 : 0o644);
  }
}

const origin = { name: "demo", shipped: false };
const { signal } = new AbortController();

/** The plan of the recipe in the folder, with real digests of its files, and the same seen in the finished tree. */
async function planned(sets: readonly string[] = [], change: (known: Facts) => Facts = (same) => same): Promise<Plan> {
  const { recipe, roots } = loadRecipe({ name: "recipe.yaml", sets, read: { ...filesHere(), here: folder } });
  const { places, tools } = needs({ recipe, origin, keepRaw: false, by: "1.0" });
  const own = await digestSources(
    places.filter(({ root }) => root !== "program"),
    roots,
    signal,
  );
  const shipped = places
    .filter(({ root }) => root === "program")
    .map((place) => [placeKey(place), `sha256 of ${placeKey(place)}`]);
  const known = facts({
    digests: { ...Object.fromEntries(shipped), ...own, ...(await secretDigests(recipe)) },
    versions: Object.fromEntries(tools.map((tool) => [tool, "1"])),
    archive: { ...facts().archive, releases: releasesOf(recipe) },
  });
  return settle(plan({ recipe, origin, keepRaw: false, by: "1.0" }, change(known)), "initramfs", "the same");
}

/** As the survey would find them: which Release files there are follows from the recipe. */
function releasesOf(recipe: Recipe): Facts["archive"]["releases"] {
  const [like] = facts().archive.releases;
  const release = (role: string, suite: string, components: readonly string[]) => ({
    ...like!,
    ...{ role, suite, components, digest: `sha256 of ${role} ${suite}` },
  });
  const suite = recipe.archive?.suite ?? recipe.suite;
  return [
    release("main", suite, recipe.components),
    release("security", `${suite}-security`, recipe.components),
    ...recipe.repositories.map((each) => release(each.name, each.suite, each.components)),
  ];
}

const keys = ({ stages }: Plan): ReadonlyMap<string, string | undefined> =>
  new Map(stages.map(({ name, key }) => [name, key]));

/** What carries the medium's name, which every change makes another: here they are parts of whoever reads them. */
const named = ["initrd", "esp"];

/** Stages whose key changed though no stage that they read has: the change began there. Renamed stages count as new. */
function begins(before: Plan, after: Plan): readonly string[] {
  const was = keys(before);
  const changed = new Set(
    after.stages.flatMap(({ name, key }) => (key !== undefined && was.get(name) === key ? [] : [name])),
  );
  for (const stage of after.stages) {
    const below = readsOf(stage).filter((name) => !(stage.view?.layers.includes(name) ?? false));
    if (below.some((name) => changed.has(name)))
      expect([...changed], `${stage.name} stands on a change`).toContain(stage.name);
  }
  return after.stages
    .filter(({ name }) => changed.has(name) && !named.includes(name))
    .filter(
      (stage) =>
        !readsOf(stage)
          .filter((name) => !named.includes(name))
          .some((name) => changed.has(name) && !(stage.view?.layers.includes(name) ?? false)),
    )
    .map(({ name }) => name);
}

const both = "media=[{ kind: iso }, { kind: netboot }]";
const squashes = ["base", "essential", "lower", "upper", "settings"].map((layer) => `squashfs-${layer}`);

/** What keys that begin so need beside them to mean something. */
const beside = {
  "archive.": 'archive={ url: "http://a.example/d", keyring: keys/tools.asc }',
  "squashfs.dictionary": "squashfs.compression=xz",
};

/** For each key of a recipe another value, and the stages that this change begins with. */
const table: Readonly<Record<string, readonly [value: string, ...stages: string[]]>> = {
  name: ["other", "layer-essential"], // The host is called so.
  description: ["Another", "medium"],
  version: ['"2.0"', "medium"],
  suite: ["trixie", "archive"],
  components: ["[main, contrib]", "archive"],
  firmware: ["true", "archive"],
  "mirrors.build": ["http://b.example/d"],
  "mirrors.image": ["http://i.example/d", "layer-base"],
  "mirrors.security": ["http://s.example/d", "layer-base"],
  "archive.url": ["http://b.example/d", "layer-base"],
  "archive.keyring": ["keys/other.asc", "archive"],
  "archive.suite": ["derived", "archive"],
  "archive.check-valid-until": ["false", "medium"],
  "repositories[0].name": ["others", "archive"],
  "repositories[0].url": ["http://o.example/r", "layer-base"],
  "repositories[0].suite": ["sid", "archive"],
  "repositories[0].components": ["[main, extra]", "archive"],
  "repositories[0].key": ["keys/other.asc", "archive"],
  "layers[0].name": ["other", "layer-other"],
  "layers[0].tasks": ["[task-ssh-server]", "layer-lower"],
  "layers[0].packages": ["[vim]", "layer-lower"],
  "layers[0].files": ["keys", "layer-lower"],
  "layers[0].hooks": ["[hooks/two]", "layer-lower"],
  "layers[0].pre-hooks": ["[hooks/two]", "layer-lower"],
  "layers[0].network": ["true", "layer-lower"],
  "user.name": ["guest", "layer-settings"],
  "user.fullname": ["Guest", "layer-settings"],
  "user.password": ["other", "layer-settings"],
  "user.password-hash": ["$6$abcdefghijklmnopqrstuvwx", "layer-settings"],
  "user.sudo": ["false", "layer-settings"],
  "save-command": ["true", "layer-essential"],
  "user.groups": ["[audio]", "layer-settings"],
  "root.locked": ["true"], // It is.
  "root.password": ["x", "layer-settings"],
  "root.password-hash": ["$6$abcdefghijklmnopqrstuvwx", "layer-settings"],
  hostname: ["other", "layer-essential"],
  locale: ["de_DE.UTF-8", "language"],
  "keyboard.model": ["pc104", "language"],
  "keyboard.layout": ["de", "language"],
  "keyboard.variant": ["nodeadkeys", "language"],
  "keyboard.options": ["grp:alt_shift_toggle", "language"],
  timezone: ["Europe/Berlin", "layer-settings"],
  "kernel.package": ["linux-image-rt-amd64", "layer-essential"],
  "kernel.arguments": ["[debug]", "raw", "medium"],
  "console.serial": ["ttyS1,9600", "layer-settings"],
  "squashfs.modules": ["single", "joined"],
  "squashfs.compression": ["xz", ...squashes],
  "squashfs.level": ["3", ...squashes],
  "squashfs.block": ["128K", ...squashes],
  "squashfs.dictionary": ["1M", ...squashes],
  "menu.theme": ["contrast", "pictures"],
  "menu.timeout": ["3", "medium"],
  "menu.title": ["Other", "medium"],
  "menu.offer": ["[live]", "medium"],
  "menu.languages[0].title": ["Dutch", "medium"],
  "menu.languages[0].locale": ["nl_BE.UTF-8", "medium"],
  "menu.languages[0].layout": ["be", "medium"],
  "menu.entries[0].name": ["lobby", "medium"],
  "menu.entries[0].title": ["Lobby", "medium"],
  "menu.entries[0].arguments": ["[x=1]", "medium"],
  "installer.kind": ["none", "medium"],
  "installer.graphical": ["false", "medium"],
  "installer.text": ["false", "medium"],
  "installer.speech": ["false", "medium"],
  "installer.preseed": ["other.cfg", "medium"],
  "installer.source": ["mirror", "installer"],
  "budget.iso": ["700M", "medium"],
  "budget.root": ["3G", "medium"],
  "layers[0].budget": ["1G", "medium"],
  "media[0].kind": ["netboot", "netboot-loaders"],
  volume: ["OTHER", "medium"],
  "medium-hooks": ["[hooks/two]", "medium"],
  checks: ['["false"]', "medium"],
};

/** Said once in the recipe of this test, or with one value only. */
const unchanging = ["extends", "architecture"];

function pathsOf(shape: Shape, path: string): readonly string[] {
  if (shape.kind === "keys")
    return Object.entries(shape.keys).flatMap(([key, inner]) => pathsOf(inner, path === "" ? key : `${path}.${key}`));
  return shape.kind === "list" && shape.item.kind === "keys" ? pathsOf(shape.item, `${path}[0]`) : [path];
}

test("every key of a recipe is in the table", () => {
  expect(Object.keys(table).sort()).toEqual(
    pathsOf(recipeKeys, "")
      .filter((path) => !unchanging.includes(path))
      .sort(),
  );
});

describe("a change of the recipe's", () => {
  test.each(Object.entries(table))("%s begins where it is read", async (path, [value, ...stages]) => {
    const around = Object.entries(beside).flatMap(([start, set]) => (path.startsWith(start) ? [set] : []));
    const after = await planned([...around, `${path}=${value}`]);
    expect(begins(await planned(around), after)).toEqual(stages);
  });
});

describe("a change of a file that the recipe names", () => {
  const readers: Readonly<Record<string, string>> = {
    "overlay/etc/motd": "layer-upper",
    "overlay/usr/bin/tool": "layer-upper",
    "hooks/one": "layer-upper",
    "hooks/medium": "medium",
    "keys/tools.asc": "archive",
    "preseed.cfg": "medium",
  };
  afterAll(fill);

  test.each(Object.entries(readers))(
    "%s begins with %s, whichever byte it is, and with its mode",
    async (name, reader) => {
      const before = await planned();
      const path = join(folder, name);
      const bytes = await readFile(path);
      for (const at of bytes.keys()) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await writeFile(path, changed);
        expect(begins(before, await planned()), `byte ${String(at)} of ${name}`).toEqual([reader]);
      }
      await writeFile(path, bytes);
      expect(begins(before, await planned())).toEqual([]);
      if (!name.startsWith("hooks/")) {
        await chmod(path, name.endsWith("tool") ? 0o644 : 0o755);
        expect(begins(before, await planned()), `mode of ${name}`).toEqual([reader]);
      }
      await fill();
    },
  );

  test.each([
    [
      "a file more",
      () => writeFile(join(folder, "overlay/etc/issue"), "x"),
      () => rm(join(folder, "overlay/etc/issue")),
    ],
    [
      "an empty folder more",
      () => mkdir(join(folder, "overlay/srv")),
      () => rm(join(folder, "overlay/srv"), { recursive: true }),
    ],
    [
      "a link more",
      () => symlink("motd", join(folder, "overlay/etc/link")),
      () => rm(join(folder, "overlay/etc/link")),
    ],
  ])("%s in a folder that is laid over begins with its layer", async (_, add, remove) => {
    const before = await planned();
    await add();
    expect(begins(before, await planned())).toEqual(["layer-upper"]);
    await remove();
    expect(begins(before, await planned())).toEqual([]);
  });
});

/** The medium names every script and tool that took part (build.json), and has its identity from them. */
describe("a change of the program's", () => {
  const withDigest =
    (key: string) =>
    (known: Facts): Facts => ({ ...known, digests: { ...known.digests, [key]: "another" } });

  test("every script in hooks/ is read by a stage, but for those of servers, guests and `livewright shell`", async () => {
    const { stages } = await planned([both, "save-command=true"]);
    const read = new Set(stages.flatMap(placesIn).flatMap((place) => (place.at === "source" ? [placeKey(place)] : [])));
    const scripts = (await readdir(join(checkout, "hooks"))).filter((name) => !read.has(`program:hooks/${name}`));
    expect(scripts.sort()).toEqual(["attend", "guest", "installer-mirror", "visit"]);
  });

  test.each([
    ["program:hooks/netboot-loaders", ["netboot-loaders"]],
    ["program:hooks/netboot-initrd", ["netboot"]],
    ["program:hooks/initramfs", ["netboot"]],
    ["program:ipxe", ["netboot"]],
  ])("%s begins with %j, and leaves the ISO as it is", async (key, stages) => {
    expect(begins(await planned([both]), await planned([both], withDigest(key)))).toEqual(stages);
  });

  test.each(["program:hooks/guest/livewright-save", "program:hooks/save-command"])(
    "%s begins with the settings of who carries it, and is nothing to others",
    async (key) => {
      const carried = ["save-command=true"];
      expect(begins(await planned(carried), await planned(carried, withDigest(key)))).toEqual(["layer-settings"]);
      expect(begins(await planned(), await planned([], withDigest(key)))).toEqual([]);
    },
  );

  test.each([
    ["program:hooks/enter", ["archive", "initramfs"]],
    ["program:hooks/base", ["layer-base"]],
    ["program:hooks/clean", ["layer-base"]],
    ["program:hooks/customize", ["layer-essential"]],
    ["program:hooks/lib.sh", ["index"]],
    ["program:hooks/index", ["index"]],
    ["program:hooks/resolve", ["language", "layer-essential", "loaders", "installer"]],
    ["program:hooks/settings", ["layer-settings"]],
    ["program:hooks/guest/at-boot", ["layer-settings"]],
    ["program:hooks/loaders", ["loaders"]],
    ["program:hooks/installer", ["installer"]],
    ["program:hooks/mkinitramfs", ["initramfs"]],
    ["program:hooks/hook-functions.sh", ["initramfs"]],
    ["program:hooks/inventory", ["inventory"]],
    ["program:hooks/raw", ["raw", "medium"]],
    ["program:hooks/disk", ["disk", "medium"]],
    ["program:hooks/cpio", ["medium"]],
    ["program:hooks/esp", ["medium"]],
    ["program:isolinux", ["medium"]],
    ["program:grub-efi", ["medium"]],
    ["program:themes/calm", ["pictures"]],
  ])("%s begins with %j", async (key, stages) => {
    expect(begins(await planned(), await planned([], withDigest(key)))).toEqual(stages);
  });
});

test.each([
  ["mmdebstrap", ["layer-base"]],
  ["mksquashfs", squashes],
  ...["xorriso", "cpio", "mkfs.vfat", "mcopy"].map((tool): [string, string[]] => [tool, ["medium"]]), // build.json on it names every tool.
])("another version of %s begins with what it makes", async (tool, stages) => {
  const after = await planned([], (known) => ({ ...known, versions: { ...known.versions, [tool]: "2" } }));
  expect(begins(await planned(), after)).toEqual(stages);
});

test.each(["main", "security", "tools"])("another state of the archive %s begins with its indices", async (role) => {
  const after = await planned([], (known) => {
    const releases = known.archive.releases.map((each) => (each.role === role ? { ...each, digest: "another" } : each));
    return { ...known, archive: { ...known.archive, releases } };
  });
  expect(begins(await planned(), after)).toEqual(["archive"]);
});
