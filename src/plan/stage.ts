import type { Arg, Command, Place, SourcePlace } from "../command.ts";
import type { Squash } from "../tools/mksquashfs.ts";
import type { MediumRecord, Menu } from "../medium.ts";

/** One thing a stage does. `run` starts a program; the others are done by the runner because no program does them better. */
export type Step =
  | { readonly do: "run"; readonly command: Command; readonly in?: Sandbox; readonly meter?: Meter }
  | { readonly do: "write"; readonly text: Arg; readonly to: Place }
  | { readonly do: "copy"; readonly from: Place; readonly to: Place }
  /** One more name for a finished stage's file, or for each in a folder: nothing that follows may write to it. */
  | { readonly do: "link"; readonly from: Place; readonly to: Place }
  /** Bring the archives' signed Release files and indices into the frozen archive. */
  | { readonly do: "freeze" }
  /** Bring packages there that `apt-get --print-uris` named in a file, and with `to` into a folder of the stage's too. */
  | { readonly do: "fetch"; readonly wanted: Place; readonly to?: Place }
  /** Files appended to each other, each padded to four bytes, as the kernel takes initrds. */
  | { readonly do: "concatenate"; readonly files: readonly [Place, ...Place[]]; readonly to: Place }
  /** The canonical tar of a layer's changes and the manifest of what is in it. */
  | {
      readonly do: "seal-layer";
      readonly upper: Place;
      readonly tar: Place;
      readonly manifest: Place;
      readonly epoch: number;
    }
  /** The canonical tar and manifest of the tree that layers show when they are stacked, lowest first. */
  | { readonly do: "join-layers"; readonly layers: readonly Place[]; readonly tar: Place; readonly manifest: Place }
  /** Refuse layers that would show another tree than the one listed, and tell the bytes of layers and packages. */
  | {
      readonly do: "weigh";
      readonly layers: readonly { readonly name: string; readonly stage: Place }[];
      /** What `hooks/listing` and `hooks/inventory` wrote. */
      readonly inventory: Place;
      readonly to: Place;
    }
  /** Refuse what has grown beyond what the recipe allows. */
  | { readonly do: "budget"; readonly limits: readonly Limit[]; readonly sizes: Place }
  /** How the medium came to be, completed by the archive's state as a lock, by digests of its parts and by what it and its modules weigh. */
  | {
      readonly do: "provenance";
      readonly provenance: object;
      readonly suite: string;
      /** What was fetched, in the words of `apt-get --print-uris`. */
      readonly wanted: readonly Place[];
      /** `digests` is where those of a file are known already. */
      readonly files: readonly { readonly name: string; readonly file: Place; readonly digests?: Place }[];
      readonly sizes: Place;
      readonly to: Place;
    }
  /** The same with what cannot lie on the medium: the digest of the finished one, and which version of this program made it. */
  | {
      readonly do: "attest";
      readonly of: MediumKind;
      readonly provenance: Place;
      readonly livewright: string;
      readonly medium: Place;
      readonly name: string;
      readonly to: Place;
    }
  /** Make a squashfs of a layer's tar; its manifest says what is in it. */
  | { readonly do: "squash"; readonly squash: Squash; readonly manifest: Place }
  /** Read a squashfs back whole and compare it with the manifest of what it was made from; its digests, as `digest` writes them. */
  | { readonly do: "verify-squashfs"; readonly image: Place; readonly manifest: Place; readonly digests: Place }
  /** Draw a theme's pictures for both menus, laid out as on a medium. */
  | { readonly do: "paint"; readonly theme: SourcePlace; readonly to: Place }
  /** Write the menus into a medium's tree, beside the theme's pictures. */
  | {
      readonly do: "dress";
      readonly menu: Menu;
      readonly theme: SourcePlace;
      readonly isolinux: SourcePlace;
      readonly grub: SourcePlace;
      readonly marker: string;
      readonly tree: Place;
    }
  /** Write the small grub.cfg of an ESP, by which GRUB finds the medium that has the marker. */
  | { readonly do: "seek"; readonly grub: SourcePlace; readonly marker: string; readonly to: Place }
  /** What the medium says of itself, completed by the kernel's release, which is known once it is installed. */
  | { readonly do: "record"; readonly record: Omit<MediumRecord, "kernel">; readonly kernel: Place; readonly to: Place }
  /** A file's digests, so that whoever carries it need not read it again. */
  | { readonly do: "digest"; readonly file: Place; readonly to: Place }
  /** sha256sum.txt and md5sum.txt over a tree, but for what the ISO writer patches; `known` are paths whose digests are. */
  | {
      readonly do: "checksums";
      readonly tree: Place;
      readonly except: readonly string[];
      readonly known: Readonly<Record<string, Place>>;
    }
  /** Records of modules, the list of them, and menus that name the list by its digest: what only a netboot folder has. */
  | {
      readonly do: "netboot";
      /** Names of the modules, joined. */
      readonly chain: string;
      /** Lowest first. */
      readonly modules: readonly NetbootModule[];
      /** Bytes of memory that are needed besides the modules. */
      readonly reserve: number;
      /** The list's path in the tree. */
      readonly list: string;
      /** Its menu is completed by what the entries fetch. */
      readonly record: Omit<MediumRecord, "kernel" | "netboot">;
      readonly kernel: Place;
      readonly theme: SourcePlace;
      readonly templates: { readonly isolinux: SourcePlace; readonly grub: SourcePlace; readonly ipxe: SourcePlace };
      readonly tree: Place;
      /** Where the record goes. */
      readonly to: Place;
    }
  /** SHA256SUMS over all of a folder; `known` are paths whose digests are. */
  | { readonly do: "folder-sums"; readonly tree: Place; readonly known: Readonly<Record<string, Place>> }
  /** Re-read what is finished; `known` are the digests of what is large on it. */
  | {
      readonly do: "audit";
      readonly of: MediumKind;
      readonly medium: Place;
      readonly known?: readonly Place[];
    };

export type MediumKind = "iso" | "netboot";

/** A module of a netboot folder: its path there, its squashfs, the digests of that, and the manifest of what is in it. */
export interface NetbootModule {
  readonly name: string;
  readonly path: string;
  readonly image: Place;
  readonly digests: Place;
  readonly manifest: Place;
}

/** The most bytes that something may have, and the recipe's key that says so. */
export type Limit = { readonly most: number; readonly key: string } & (
  | { readonly of: "iso"; readonly file: Place }
  | { readonly of: "root" }
  | { readonly of: "layer"; readonly layer: string }
);

/** Where a program that touches a root filesystem runs: namespaces of its own, the root at `/mnt/root`. */
export interface Sandbox {
  /** Layers' trees, lowest first; none gives a sandbox without a root. */
  readonly lowers: readonly Place[];
  /** Where changes are recorded; without it they are thrown away with the step. */
  readonly upper?: Place;
  readonly hostname: string;
  readonly network: boolean;
  /** The frozen archive is there to install from, at /mnt/archive. */
  readonly archive?: true;
}

/** The root filesystem's path inside a sandbox. */
export const rootPath = "/mnt/root";

/** How a tool's output lines become progress; the parsers live with the tools. */
export type Meter = "xorriso" | "apt";

export interface Stage {
  readonly name: string;
  /** Raise when the same steps come to mean something else. */
  readonly revision: number;
  readonly steps: readonly Step[];
  /** Content the steps reach without naming it, such as an archive's packages. */
  readonly reaches?: readonly Place[];
  /** The part of a root filesystem that is read, instead of the whole: it stands in the key for the layers' own keys. */
  readonly view?: View;
  /** Stages that must be done first although their output is not read: order only, not part of the key. */
  readonly after?: readonly string[];
  /** What this stage's output can be made from again: completed and told when the stage fails. */
  readonly keeps?: Place;
  /** Its output is a safety copy or a step on the way, removed when the build has succeeded without a wish for it. */
  readonly passing?: true;
  /** Bytes this stage is expected to write, for the forecast. */
  readonly bytes: number;
}

/** What a stage reads of a root filesystem. Its content is known once the layers are finished. */
export interface View {
  /** The stages of the layers, lowest first. */
  readonly layers: readonly string[];
  /** The lowest layer that has all it takes: what those above it add seldom changes what is viewed. */
  readonly from?: string;
  /** Patterns of paths, as `build/view/select.ts` reads them. */
  readonly paths: readonly string[];
  /** Patterns of shell scripts that the stage runs: all that they name, present or absent, is viewed too. */
  readonly scripts: readonly string[];
  /** The file of its output in which the stage lists what it copied, as lsinitramfs(8) does with -l: that is viewed too. */
  readonly copied: string;
}

export interface PlannedStage extends Stage {
  /** sha256 of everything that can change the stage's output; absent until all that it `awaits` is known. */
  readonly key?: string;
  /** What went into the key, named, so that a stale stage can say why. */
  readonly ingredients: Readonly<Record<string, string>>;
  /** Ingredients that are known only when other stages are finished: a view, or the key of a stage that has one. */
  readonly awaits?: readonly string[];
}

export interface Plan {
  readonly recipe: string;
  readonly stages: readonly PlannedStage[];
  readonly artefacts: readonly Artefact[];
}

/** A file of a finished stage and the name it gets in the output folder. */
export interface Artefact {
  readonly place: Place;
  readonly name: string;
}

export const run = (command: Command, more: { in?: Sandbox; meter?: Meter } = {}): Step => ({
  do: "run",
  command,
  ...more,
});
