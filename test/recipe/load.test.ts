import { expect, test } from "vitest";
import { loadRecipe } from "../../src/recipe/load.ts";
import { faultsOf, load, sourceOf, type Files } from "./desk.ts";

const recipeOf = (rest: string, files: Files = {}) => load(`name: demo\n${rest}\n`, { files }).recipe;

test("a recipe that says nothing but its name gets what a live system usually has", () => {
  expect(load("name: demo\n").recipe).toEqual({
    name: "demo",
    version: "1.0",
    suite: "trixie",
    architecture: "amd64",
    components: ["main"],
    firmware: false,
    mirrors: {
      build: "auto",
      image: "http://httpredir.debian.org/debian",
      security: "http://security.debian.org/debian-security",
    },
    checkValidUntil: true,
    repositories: [],
    layers: [],
    user: {
      name: "user",
      fullname: "Live user",
      secret: { kind: "password", text: "live" },
      sudo: true,
      groups: ["audio", "cdrom", "dip", "floppy", "video", "plugdev", "netdev", "scanner", "bluetooth", "lpadmin"],
    },
    root: { locked: true },
    hostname: "demo",
    locale: "en_US.UTF-8",
    keyboard: { model: "pc105", layout: "us", variant: "", options: "" },
    timezone: "Etc/UTC",
    kernel: { package: "linux-image-amd64", arguments: ["quiet"] },
    console: { serial: "ttyS0,115200" },
    squashfs: { modules: "layers", compression: "zstd", level: 4, block: 262_144 },
    budget: {},
    menu: {
      theme: { at: "source", root: "program", path: "themes/calm" },
      timeout: 10,
      title: "demo 1.0 (trixie)",
      offer: [
        "live",
        "failsafe",
        "toram",
        "persistence",
        "serial",
        "languages",
        "installer",
        "memtest",
        "firmware-settings",
        "local-disk",
        "media-check",
      ],
      languages: [
        { title: "Deutsch", locale: "de_DE.UTF-8", layout: "de" },
        { title: "English (UK)", locale: "en_GB.UTF-8", layout: "gb" },
        { title: "Espanol", locale: "es_ES.UTF-8", layout: "es" },
        { title: "Francais", locale: "fr_FR.UTF-8", layout: "fr" },
        { title: "Italiano", locale: "it_IT.UTF-8", layout: "it" },
        { title: "Portugues do Brasil", locale: "pt_BR.UTF-8", layout: "br" },
      ],
      entries: [],
    },
    installer: { kind: "none" },
    media: [{ kind: "iso" }],
    volume: "DEMO_TRIXIE",
    mediumHooks: [],
    checks: [],
  });
});

test.each([
  ["oldstable", "bookworm"],
  ["stable", "trixie"],
  ["testing", "forky"],
  ["unstable", "sid"],
  ["bookworm", "bookworm"],
  ["sid", "sid"],
])("the suite %s is %s", (asked, codename) => {
  expect(recipeOf(`suite: ${asked}`).suite).toBe(codename);
});

test("firmware is one key: it brings its component", () => {
  expect(recipeOf("firmware: true").components).toEqual(["main", "non-free-firmware"]);
  expect(recipeOf("firmware: true\ncomponents: [main, non-free-firmware]").components).toHaveLength(2);
});

test.each([
  ["128K", 131_072],
  ["1M", 1_048_576],
  ["65536", 65_536],
])("a squashfs block of %s is %d bytes", (block, bytes) => {
  expect(recipeOf(`squashfs: { block: ${block} }`).squashfs.block).toBe(bytes);
});

test.each([
  ["700M", 734_003_200],
  ["3G", 3_221_225_472],
  ["64K", 65_536],
  ["1500000000", 1_500_000_000],
])("a budget of %s is %d bytes", (budget, bytes) => {
  const { recipe } = load(
    `name: demo\nsuite: sid\nbudget: { iso: ${budget} }\nlayers: [{ name: b, budget: ${budget} }]`,
  );
  expect([recipe.budget, recipe.layers[0]?.budget]).toEqual([{ iso: bytes }, bytes]);
});

test("only zstd gets a level that nobody asked for", () => {
  expect(recipeOf("squashfs: { compression: xz }").squashfs).toEqual({
    modules: "layers",
    compression: "xz",
    block: 262_144,
    dictionary: 49_152,
  });
});

test.each([
  ["", 49_152, 262_144],
  ["dictionary: 1M", 1_048_576, 1_048_576],
  ["dictionary: 384K", 393_216, 524_288],
  ["dictionary: 12K", 12_288, 262_144],
  ["dictionary: 98304", 98_304, 262_144],
  ["block: 128K", 49_152, 131_072],
])("xz with '%s' has a dictionary of %d bytes, and blocks of %d that have room for it", (said, dictionary, block) => {
  expect(recipeOf(`squashfs: { compression: xz, ${said} }`).squashfs).toMatchObject({ dictionary, block });
});

test.each(["32K", "4K"])(
  "xz in blocks of %s, which are no larger than the dictionary, leaves it to the tool",
  (block) => {
    expect(recipeOf(`squashfs: { compression: xz, block: ${block} }`).squashfs).not.toHaveProperty("dictionary");
  },
);

test("a hash takes the password's place", () => {
  const hash = "$6$abcdefghijklmnopqrstuvwx";
  const { user, root } = recipeOf(`user: { password-hash: ${hash} }\nroot: { password: secret }`);
  expect(user.secret).toEqual({ kind: "hash", text: hash });
  expect(root).toEqual({ locked: false, secret: { kind: "password", text: "secret" } });
});

test("the serial console can be switched off", () => {
  expect(recipeOf("console: { serial: none }").console).toEqual({});
});

test("a volume id is made of what the name allows", () => {
  expect(recipeOf("suite: sid").volume).toBe("DEMO_SID");
  expect(load("name: my-very-long-recipe-name-indeed\nsuite: bookworm\n").recipe.volume).toBe(
    "MY_VERY_LONG_RECIPE_NAME_INDEED_",
  );
});

test("paths are places of the folder whose recipe says them", () => {
  const files = {
    "/desk/overlay/etc/motd": "",
    "/desk/hooks/a": "#!",
    "/desk/themes/mine/theme.json": "",
    "/desk/p": "",
  };
  const recipe = recipeOf(
    "layers: [{ name: a, files: ./overlay/, hooks: [hooks/a] }]\nmedium-hooks: [hooks/a]\nmenu: { theme: themes/mine }\ninstaller: { kind: debian-installer, preseed: p }",
    files,
  );
  expect(recipe.layers[0]?.files).toEqual({ at: "source", root: "recipe", path: "overlay" });
  expect(recipe.layers[0]?.hooks).toEqual([{ at: "source", root: "recipe", path: "hooks/a" }]);
  expect(recipe.mediumHooks).toEqual([{ at: "source", root: "recipe", path: "hooks/a" }]);
  expect(recipe.menu.theme).toEqual({ at: "source", root: "recipe", path: "themes/mine" });
  expect(recipe.installer).toMatchObject({ preseed: { at: "source", root: "recipe", path: "p" }, source: "package" });
});

test("another archive brings its own suite, and says so when it may be old", () => {
  const text =
    "name: demo\nsuite: daedalus\narchive: { url: http://archive.example.org/x, keyring: key.gpg, check-valid-until: false }\n";
  const { recipe, warnings } = load(text, { files: { "/desk/key.gpg": "k" } });
  expect(recipe.suite).toBe("daedalus");
  expect(recipe.archive).toEqual({
    url: "http://archive.example.org/x",
    keyring: { at: "source", root: "recipe", path: "key.gpg" },
    suite: "daedalus",
  });
  expect(recipe.checkValidUntil).toBe(false);
  expect(warnings).toEqual([
    "recipe.yaml:3:84: archive.check-valid-until: an expired state of the archive is accepted: it may lack security updates",
  ]);
});

test("an old state of Debian's own archive is accepted by one key", () => {
  const { recipe, warnings } = load("name: demo\nsuite: sid\narchive: { check-valid-until: false }\n");
  expect(recipe).toMatchObject({ suite: "sid", checkValidUntil: false });
  expect(recipe.archive).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

test("a layer with a network is warned about", () => {
  expect(load("name: demo\nlayers: [{ name: a, network: true }]\n").warnings).toEqual([
    "recipe.yaml:2:30: layers[0].network: what this layer's hooks fetch is neither checked nor the same every time",
  ]);
});

test("a bare name is a recipe that ships, and its files are the program's", () => {
  const loaded = loadRecipe({ name: "plain", sets: [], read: sourceOf({}) });
  expect(loaded).toMatchObject({
    shipped: true,
    recipe: { name: "plain" },
    roots: { program: "/program", here: "/desk" },
  });
});

test.each(["name=other", "user.password=other"])("with %s nobody finds its login by its name", (set) => {
  expect(loadRecipe({ name: "plain", sets: [set], read: sourceOf({}) }).shipped).toBe(false);
  expect(loadRecipe({ name: "plain", sets: ["hostname=other"], read: sourceOf({}) }).shipped).toBe(true);
});

test("a folder stands for the recipe.yaml in it", () => {
  const read = sourceOf({ "/desk/class/recipe.yaml": "name: demo\n" });
  const loaded = loadRecipe({ name: "class", sets: [], read });
  expect(loaded.roots).toEqual({ program: "/program", here: "/desk", recipe: "/desk/class" });
  expect(loaded.shipped).toBe(false);
});

test("a name that is nothing is refused with the one that was meant", () => {
  expect(() => loadRecipe({ name: "plan", sets: [], read: sourceOf({}) })).toThrow(
    "plan:1:1: is neither a recipe that ships (full, plain) nor a file; did you mean plain?",
  );
});

test("a folder without a recipe is refused", () => {
  expect(faultsOf("name: demo\nextends: sub\n", { files: { "/desk/sub/x": "" } })).toEqual([
    'recipe.yaml:2:10: extends: "sub" is neither a recipe that ships (full, plain) nor a file',
  ]);
});
