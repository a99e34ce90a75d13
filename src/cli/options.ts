import type { Compression } from "../recipe/compression.ts";

/** What each subcommand's options decode to. `program.ts` says how they are spelled. */

/** Options of every command that reads a recipe. */
export interface RecipeOptions {
  /** `path=value` overrides, in the order given. */
  readonly set: readonly string[];
}

/** Options of every command that asks an archive or reuses stages. */
export interface SiteOptions {
  /** A package archive used instead of the recipe's build mirror. */
  readonly mirror?: string;
  /** The folder that finished stages are kept in. */
  readonly cache: string;
  /** Nothing is fetched; what is missing is told. */
  readonly offline?: boolean;
}

export interface LockOptions extends RecipeOptions, SiteOptions {
  /** Lock the archives' present state instead of the one that is locked. */
  readonly update: boolean;
}

export interface BuildOptions extends RecipeOptions, SiteOptions {
  /** The folder that artefacts are published in. */
  readonly output: string;
  /** A failed stage's draft stays, and its path is told. */
  readonly keepFailed: boolean;
  /** The raw disk image of the root filesystem is an artefact too. */
  readonly keepRaw: boolean;
  /** How many stages run at a time, and how many threads each of their tools may have. */
  readonly jobs: number;
  /** Bytes that tools may use for their buffers. */
  readonly memory?: number;
  /** A file for the times of all stages and steps. */
  readonly trace?: string;
}

export interface MakeOptions extends SiteOptions {
  /** The folder with the recipes; absent, ./images or the folder one stands in. */
  readonly in?: string;
  /** The folder of modules. */
  readonly output: string;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Say every reason. */
  readonly explain: boolean;
  readonly keepFailed: boolean;
  readonly jobs: number;
  readonly memory?: number;
}

export interface UpdateOptions extends MakeOptions {
  /** Restack images that hold only configuration instead of making them anew. */
  readonly keepConfiguration: boolean;
}

export interface RestackOptions extends CacheOptions {
  /** The base that the module is to stand on. */
  readonly onto: string;
  /** Where the modules of its old base may be found. */
  readonly from: readonly string[];
  /** Without the old base, refuse every path that both have. */
  readonly strict: boolean;
}

export interface StackOptions {
  /** The netboot folder. */
  readonly in: string;
  /** What the menus call it. */
  readonly title?: string;
  /** A theme's folder. */
  readonly theme?: string;
  /** Take it out instead. */
  readonly remove: boolean;
}

export interface ReproduceOptions extends RecipeOptions, SiteOptions {
  /** The folder that the new artefacts are published in; without it they are not kept. */
  readonly output?: string;
  /** The published ISO, where it does not lie beside its record. */
  readonly iso?: string;
  readonly jobs: number;
  readonly memory?: number;
  readonly json: boolean;
}

export interface CacheOptions {
  readonly cache: string;
}

export interface CacheListOptions extends CacheOptions {
  readonly json: boolean;
}

export interface CacheWhyOptions extends RecipeOptions, SiteOptions {}

export interface CacheCleanOptions extends CacheOptions {
  /** Milliseconds since the last use. */
  readonly older?: number;
  /** Bytes. */
  readonly maxSize?: number;
  readonly dryRun: boolean;
}

export interface PlanOptions extends RecipeOptions, SiteOptions {
  readonly json: boolean;
  /** Say why each stage is stale or reused. */
  readonly explain: boolean;
}

export const firmwares = ["bios", "uefi", "secure-boot"] as const;
export type FirmwareName = (typeof firmwares)[number];
export const media = ["cd", "usb"] as const;
export const networkBoots = ["pxe", "ipxe", "http"] as const;
export type NetworkBootName = (typeof networkBoots)[number];
export type MediumName = (typeof media)[number];

export interface TestOptions extends Uploading {
  readonly firmware: readonly FirmwareName[];
  readonly medium: readonly MediumName[];
  /** How a netboot folder is booted. */
  readonly by: readonly NetworkBootName[];
  /** Who gives the guest its address. */
  readonly dhcp: "serve" | "other" | "next";
  /** The list of modules that the guest should fetch. */
  readonly list?: string;
  /** Bytes of the guest's memory; absent, what the medium needs. */
  readonly memory?: number;
  /** An entry's name in the medium's menu; absent, the menu's first. */
  readonly entry?: string;
  /** A file of shell commands, one a line, run in the guest besides the medium's own. */
  readonly checks?: string;
  /** Seconds that one cell may take. */
  readonly timeout?: number;
  readonly junit?: string;
  readonly screenshots?: string;
  /** An open file descriptor with `name:password` in its first line. */
  readonly loginFd?: number;
  /** The recipe whose user logs in; absent, the shipped one that the medium names. */
  readonly recipe?: string;
  /** Print the emulator's command line instead of booting. */
  readonly print: boolean;
  readonly json: boolean;
}

/** Whether guests may send saved modules. */
export interface Uploading {
  /** Where modules that guests send are kept. */
  readonly uploads?: string;
  readonly tokenFile?: string;
  /** Bytes that one file may have. */
  readonly uploadLimit: number;
}

export interface ServeOptions extends Uploading {
  /** The network to serve; absent, only this machine. */
  readonly interface?: string;
  readonly address?: string;
  readonly httpPort?: number;
  /** Addresses to give; absent, another server of the network gives them. */
  readonly dhcpRange?: { readonly from: string; readonly to: string };
  /** Whether an iPXE is sent to its script. */
  readonly ipxe: boolean;
  /** Compare the folder with its own list of sums before. */
  readonly verify: boolean;
  readonly json: boolean;
}

export interface InspectOptions {
  readonly json: boolean;
}

export interface FlattenOptions {
  /** The squashfs to write. */
  readonly output: string;
  readonly compression: Compression;
  readonly level?: number;
}

export interface DoctorOptions {
  readonly cache: string;
  readonly output: string;
  readonly install: boolean;
  readonly for: readonly DoctorPurpose[];
  readonly json: boolean;
}

export const doctorPurposes = ["build", "test", "serve", "develop"] as const;
export type DoctorPurpose = (typeof doctorPurposes)[number];

export interface InitOptions {
  readonly template: string;
}

export interface ShellOptions extends RecipeOptions, SiteOptions {}

export interface MetapackageOptions extends RecipeOptions {
  readonly output: string;
}

export interface RecipesOptions {
  readonly json: boolean;
}
