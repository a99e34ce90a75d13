import { from, output, scratch, shipped, type Place } from "../../command.ts";
import { recordPath, type Menu } from "../../medium.ts";
import { defaultList } from "../../netboot/list.ts";
import { bootDisk, hookInitrd, netbootMenus } from "../../netboot/menu.ts";
import type { EntryFamily, Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { layerNames, layerStage } from "../layers.ts";
import { offline } from "../packages.ts";
import { wantedIn } from "../places.ts";
import { limitsOf } from "../stages/sizes.ts";
import { digestsOf, imageOf, modulesOf } from "../stages/squashfs.ts";
import type { Facts } from "../facts.ts";
import { run, type NetbootModule, type Stage, type Step } from "../stage.ts";
import type { Made } from "./iso.ts";
import type { Identity } from "./identity.ts";
import { copy, fatImage, packed, tree, write } from "./laying.ts";
import { liveDigests, liveFiles, liveParts } from "./live-files.ts";
import type { Built } from "./medium.ts";
import { menuOf } from "./menu.ts";
import { provenance } from "./provenance.ts";
import { saysOfItself, type Origin } from "./says.ts";

/**
 * Bytes of memory that must be left once the modules lie in it. Little is: what the initramfs was unpacked to, some 150 MB, is
 * given back when the system on the modules starts. `minimal` starts so with 512 MB.
 */
const reserve = 48 * 2 ** 20;

/** A folder for servers of TFTP and HTTP: the live system's files as they are on the ISO, and what fetches and starts them. */
export const netboot = (recipe: Recipe, origin: Origin, { facts, identity, built, made }: Built & Wanted): Stage => ({
  name: "netboot",
  revision: 1,
  bytes: 400e6,
  steps: [
    ...(limitsOf(recipe).length === 0
      ? []
      : [{ do: "budget" as const, limits: limitsOf(recipe), sizes: from("sizes", "sizes.json") }]),
    ...liveFiles(recipe, identity, "link"),
    ...fetcher(recipe, facts),
    ...loaderFiles,
    write(".disk/info", `${recipe.menu.title} ${recipe.version} (${recipe.suite}, ${recipe.architecture})\n`),
    {
      do: "netboot",
      chain: chainOf(recipe),
      modules: netbootModules(recipe),
      reserve,
      list: defaultList,
      record: saysOfItself(recipe, { menu: netbootMenu(recipe), identity, origin, patched: [] }),
      kernel: from("initramfs", "release"),
      theme: recipe.menu.theme,
      templates: { isolinux: shipped("isolinux"), grub: shipped("grub-efi"), ipxe: shipped("ipxe") },
      to: tree(recordPath),
      tree: tree(),
    },
    ...disk(identity, facts),
    {
      do: "provenance",
      provenance: provenance(recipe, origin, { built, facts }),
      suite: recipe.suite,
      wanted: wantedIn(built),
      files: [...liveParts(recipe, liveDigests(recipe)), { name: `/${hookInitrd}`, file: tree(hookInitrd) }],
      sizes: from("sizes", "sizes.json"),
      to: tree(".disk/provenance.json"),
    },
    { do: "folder-sums", tree: tree(), known: liveDigests(recipe) },
    { do: "audit", of: "netboot", medium: tree() },
    {
      do: "attest",
      of: "netboot",
      provenance: tree(".disk/provenance.json"),
      livewright: made.by,
      medium: tree(),
      name: made.name,
      to: output("build.json"),
    },
  ],
});

interface Wanted {
  readonly made: Made;
}

/** What starts without a medium and changes none. An installer has netboot images of its own. */
const offered: readonly EntryFamily[] = ["live", "failsafe", "serial", "languages", "firmware-settings", "local-disk"];

/** The entries of the ISO's menu that need no medium. */
export const netbootMenu = (recipe: Recipe): Menu =>
  menuOf({
    ...recipe,
    menu: { ...recipe.menu, offer: recipe.menu.offer.filter((family) => offered.includes(family)) },
  });

/** The second initrd: what fetches the modules before live-boot looks for them. */
const fetcher = (recipe: Recipe, facts: Facts): readonly Step[] => [
  run(hook("netboot-initrd", scratch("fetcher"), { LIVEWRIGHT_SCRIPTS: shipped("hooks/initramfs") }), {
    in: offline(recipe, []),
  }),
  packed("fetcher", tree(hookInitrd), facts, recipe),
];

/** shim starts grubx64.efi from the folder that it came from itself, and people name either in their server's settings. */
const loaderFiles: readonly Step[] = [
  copy(from("netboot-loaders", "files/pxe"), ""),
  copy(from("netboot-loaders", "files/efi"), "EFI/boot"),
  ...["bootx64.efi", "grubx64.efi", "mmx64.efi"].map((name) =>
    copy(from("netboot-loaders", `files/efi/${name}`), name),
  ),
];

/**
 * A disk that firmware fetches by HTTP and starts from memory (UEFI specification, 24.7.1): Debian's signed GRUBs speak no HTTP,
 * so kernel and initrds are on it, and the one menu of the folder's own modules.
 */
const disk = (identity: Identity, facts: Facts): readonly Step[] => [
  ...["bootx64.efi", "mmx64.efi"].map((name) =>
    onDisk(from("netboot-loaders", `files/efi/${name}`), `EFI/boot/${name}`),
  ),
  onDisk(from("netboot-loaders", "files/disk/grubx64.efi"), "EFI/boot/grubx64.efi"),
  onDisk(tree(netbootMenus.grub), bootDisk.menu),
  ...["live/vmlinuz", "live/initrd.img", hookInitrd].map((path) => onDisk(tree(path), path)),
  fatImage("disk", identity, facts),
  copy(output("esp.img"), bootDisk.file),
];

const onDisk = (place: Place, path: string): Step => ({ do: "copy", from: place, to: scratch(`disk/${path}`) });

/** Each module's name, and the manifest of what is in it. */
function netbootModules(recipe: Recipe): readonly NetbootModule[] {
  const layers = layerNames(recipe);
  return modulesOf(recipe).map((module, at): NetbootModule => {
    const single = recipe.squashfs.modules === "single";
    const manifest: Place = from(single ? "joined" : layerStage(layers[at] ?? ""), "manifest");
    return {
      name: single ? "filesystem" : (layers[at] ?? ""),
      path: `live/${module.file}`,
      image: imageOf(module),
      digests: digestsOf(module),
      manifest,
    };
  });
}

const chainOf = (recipe: Recipe): string =>
  netbootModules(recipe)
    .map(({ name }) => name)
    .join("-");
