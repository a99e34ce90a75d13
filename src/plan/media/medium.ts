import { from, output, scratch, shipped, type Place } from "../../command.ts";
import { recordPath, type MediumRecord, type Menu } from "../../medium.ts";
import { longestValue, lowerOption } from "../../recipe/modules.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { offline } from "../packages.ts";
import { digest, uuidOf } from "../digest.ts";
import { wantedIn } from "../places.ts";
import { digestsOf, imageOf, modulesOf } from "../stages/squashfs.ts";
import { run, type Facts, type PlannedStage, type Stage, type Step } from "../stage.ts";
import { menuOf } from "./menu.ts";
import { provenance } from "./provenance.ts";

/** Files that the ISO writer patches (`-boot-info-table`) or makes, so that no checksum list names them. */
export const patchedFiles = ["isolinux/isolinux.bin", "isolinux/boot.cat"] as const;

/** Whose recipe it is: the boot test finds shipped ones again by name. */
export interface Origin {
  readonly name: string;
  readonly shipped: boolean;
}

/** Names by which this build's medium is told from every other: derived from all that is on it. */
export interface Identity {
  readonly uuid: string;
  readonly marker: string;
}

export function identify(recipe: Recipe, built: readonly PlannedStage[], facts: Facts): Identity {
  // Where the build fetches from is not on the medium. A stage that waits for a view has no key yet, but the layers have.
  const { build: _, ...mirrors } = recipe.mirrors;
  const uuid = uuidOf(
    digest([{ ...recipe, mirrors }, facts.digests, built.map(({ key, ingredients }) => key ?? ingredients)]),
  );
  return { uuid, marker: `/.disk/id/${uuid}` };
}

/** The medium's tree and its ESP, complete but for the ISO 9660 filesystem around them. */
export function medium(recipe: Recipe, origin: Origin, { facts, identity, built }: Built): Stage {
  const menu = menuOf(recipe, { memtest: { bios: "/boot/memtest.bin", efi: "/boot/memtest.efi" } });
  return {
    name: "medium",
    revision: 1,
    bytes: 700e6,
    steps: [
      ...liveFiles(recipe, identity, facts),
      ...loaderFiles,
      ...installerFiles(recipe, facts),
      ...lists(recipe),
      ...pictureFiles,
      {
        do: "dress",
        menu,
        theme: recipe.menu.theme,
        isolinux: shipped("isolinux"),
        grub: shipped("grub-efi"),
        marker: identity.marker,
        tree: tree(),
      },
      ...saysOfItself(recipe, menu, identity, origin),
      ...espFiles(facts, identity),
      ...recipe.mediumHooks.map((place) => run({ tool: "env", args: [place, tree()] }, { in: offline(recipe, []) })),
      {
        do: "provenance",
        provenance: provenance(recipe, origin, { built, facts }),
        suite: recipe.suite,
        wanted: wantedIn(built),
        files: parts(recipe),
        sizes: from("sizes", "sizes.json"),
        to: tree(".disk/provenance.json"),
      },
      { do: "checksums", tree: tree(), except: patchedFiles, known: knownDigests(recipe) },
    ],
  };
}

interface Built {
  readonly facts: Facts;
  readonly identity: Identity;
  readonly built: readonly PlannedStage[];
}

/** What a medium is told by, piece by piece, as hooks have left it. */
const parts = (recipe: Recipe): Extract<Step, { do: "provenance" }>["files"] => {
  const known = knownDigests(recipe);
  const live = ["vmlinuz", "initrd.img", ...modulesOf(recipe).map(({ file }) => file)].map((file) => {
    const digests = known[`live/${file}`];
    return { name: `/live/${file}`, file: tree(`live/${file}`), ...(digests === undefined ? {} : { digests }) };
  });
  return [...live, { name: "ESP", file: output("esp.img") }];
};

const tree = (path = ""): Place => output(path === "" ? "tree" : `tree/${path}`);
const write = (path: string, text: string): Step => ({ do: "write", text, to: tree(path) });
const copy = (place: Place, path: string): Step => ({ do: "copy", from: place, to: tree(path) });

/** What is large is on the medium as it lies in the cache, unless a hook may write to it. */
const carry = ({ mediumHooks }: Recipe, place: Place, path: string): Step => ({
  do: mediumHooks.length === 0 ? "link" : "copy",
  from: place,
  to: tree(path),
});

const knownDigests = (recipe: Recipe): Readonly<Record<string, Place>> =>
  recipe.mediumHooks.length > 0
    ? {}
    : Object.fromEntries(modulesOf(recipe).map((module) => [`live/${module.file}`, digestsOf(module)]));

const liveFiles = (recipe: Recipe, { uuid, marker }: Identity, facts: Facts): readonly Step[] => [
  ...modulesOf(recipe).map((module) => carry(recipe, imageOf(module), `live/${module.file}`)),
  write(
    "live/filesystem.module",
    modulesOf(recipe)
      .map(({ file }) => `${file}\n`)
      .join(""),
  ),
  copy(from("initramfs", "vmlinuz"), "live/vmlinuz"),
  // live-boot mounts only a medium whose .disk/live-uuid is that of its initramfs: with two sticks it takes its own.
  { do: "write", text: `${uuid}\n`, to: scratch("own/conf/uuid.conf") },
  { do: "write", text: loopDevices(recipe), to: scratch("own/etc/modprobe.d/live-modules.conf") },
  ...longChain(recipe),
  packed("own", scratch("own.cpio"), facts, recipe),
  { do: "concatenate", files: [from("initramfs", "initrd.img"), scratch("own.cpio")], to: tree("live/initrd.img") },
  write(".disk/live-uuid", `${uuid}\n`),
  write(marker.slice(1), `${uuid}\n`),
];

/** live-boot takes only loop devices that are there, and Linux makes eight: one a module, and some for who uses them later. */
const loopDevices = (recipe: Recipe): string => `options loop max_loop=${String(modulesOf(recipe).length + 8)}\n`;

/** initramfs-tools' init reads what lies in conf/conf.d before it mounts anything; mount(8) then takes all options at once. */
const longChain = (recipe: Recipe): readonly Step[] =>
  lowerOption(modulesOf(recipe).map(({ file }) => file)).length <= longestValue
    ? []
    : [{ do: "write", text: "export LIBMOUNT_FORCE_MOUNT2=always\n", to: scratch("own/conf/conf.d/long-chain") }];

const packed = (folder: string, to: Place, { archive }: Facts, recipe: Recipe): Step =>
  run(hook("cpio", scratch(folder), { LIVEWRIGHT_OUT: to, LIVEWRIGHT_EPOCH: String(archive.epoch) }), {
    in: offline(recipe, []),
  });

const loaderFiles: readonly Step[] = [
  copy(from("loaders", "files/isolinux"), "isolinux"),
  copy(from("loaders", "files/efi"), "EFI/boot"),
  copy(from("loaders", "files/memtest"), "boot"),
  copy(from("loaders", "files/fonts"), "boot/grub/fonts"),
];

const pictureFiles: readonly Step[] = [
  copy(from("pictures", "files/isolinux/splash.png"), "isolinux/splash.png"),
  copy(from("pictures", "files/boot/grub/theme"), "boot/grub/theme"),
];

function installerFiles(recipe: Recipe, facts: Facts): readonly Step[] {
  const { installer } = recipe;
  if (installer.kind === "none") return [];
  const carried = copy(from("installer", "files"), "install");
  if (installer.preseed === undefined) return [carried];
  return [
    carried,
    { do: "copy", from: installer.preseed, to: scratch("preseed/preseed.cfg") },
    packed("preseed", scratch("preseed.cpio"), facts, recipe),
    {
      do: "concatenate",
      files: [from("installer", "files/initrd.gz"), scratch("preseed.cpio")],
      to: tree("install/preseed-initrd.gz"),
    },
  ];
}

const lists = (recipe: Recipe): readonly Step[] => [
  copy(from("inventory", "packages"), "live/filesystem.packages"),
  copy(from("inventory", "size"), "live/filesystem.size"),
  write(".disk/info", `${recipe.menu.title} ${recipe.version} (${recipe.suite}, ${recipe.architecture})\n`),
  write(".disk/cd_type", "live\n"),
];

const saysOfItself = (recipe: Recipe, menu: Menu, { marker }: Identity, origin: Origin): readonly Step[] => {
  const record: Omit<MediumRecord, "kernel"> = {
    format: 1,
    name: recipe.name,
    version: recipe.version,
    suite: recipe.suite,
    architecture: recipe.architecture,
    recipe: origin,
    volume: recipe.volume,
    marker,
    menu,
    modules: modulesOf(recipe).map(({ file }) => file),
    user: { name: recipe.user.name, sudo: recipe.user.sudo },
    rootLocked: recipe.root.locked,
    checks: recipe.checks,
    patched: patchedFiles,
  };
  return [{ do: "record", record, kernel: from("initramfs", "release"), to: tree(recordPath) }];
};

/** The ESP carries the loaders and the small grub.cfg that finds the medium by its marker. */
const espFiles = ({ archive }: Facts, { uuid }: Identity): readonly Step[] => [
  { do: "copy", from: from("loaders", "files/efi"), to: scratch("esp/EFI/boot") },
  { do: "copy", from: tree("boot/grub/esp-grub.cfg"), to: scratch("esp/boot/grub/grub.cfg") },
  run(
    hook("esp", scratch("esp"), {
      LIVEWRIGHT_OUT: output("."),
      LIVEWRIGHT_ID: uuid.slice(0, 8),
      LIVEWRIGHT_EPOCH: String(archive.epoch),
    }),
    { in: { lowers: [], hostname: "livewright", network: false } },
  ),
];
