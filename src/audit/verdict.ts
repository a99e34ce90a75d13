/** Something about a finished medium that is wrong (`error`: it may not start, or is not what it says) or doubtful. */
export interface Finding {
  readonly level: "error" | "warning";
  /** The part of the medium, such as "El Torito" or a path on it. */
  readonly where: string;
  readonly what: string;
  readonly remedy?: string;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/** What is on a medium. What could not be read is absent. */
export interface Facts {
  readonly bytes: number;
  readonly volume?: string;
  readonly name?: string;
  readonly version?: string;
  readonly suite?: string;
  readonly architecture?: string;
  readonly marker?: string;
  readonly boot: BootFacts;
  readonly partitions: readonly PartitionFacts[];
  readonly kernels: readonly KernelFacts[];
  readonly modules: readonly ModuleFacts[];
  /** The menu's entries as a person meets them, those of submenus as "languages/german". */
  readonly entries: {
    readonly bios: readonly string[];
    readonly uefi: readonly string[];
    readonly ipxe?: readonly string[];
  };
  /** Lists of modules in a netboot folder. */
  readonly lists?: readonly ListFacts[];
  readonly loaders: readonly LoaderFacts[];
  readonly files: number;
  /** How many of them were read whole and found as the checksum lists say. */
  readonly checked: number;
  /** How many no list should name: the lists, and what the ISO writer patches. */
  readonly exempt: number;
}

export interface BootFacts {
  readonly bios: boolean;
  readonly uefi: boolean;
  /** Boot loaders and every kernel carry a signature that fits them; whose it is, the firmware decides. */
  readonly secureBoot: boolean;
}

export interface PartitionFacts {
  readonly table: "MBR" | "GPT";
  readonly number: number;
  readonly type: string;
  readonly start: number;
  readonly bytes: number;
}

export interface KernelFacts {
  readonly path: string;
  readonly release: string;
  readonly signed: boolean;
}

export interface ModuleFacts {
  readonly path: string;
  readonly bytes: number;
  readonly compression: string;
}

export interface ListFacts {
  readonly path: string;
  readonly chain: string;
  /** Bytes of memory that must be available. */
  readonly memory: number;
}

export interface LoaderFacts {
  readonly path: string;
  readonly machine: string;
  readonly signed: boolean;
}

export const error = (where: string, what: string, remedy?: string): Finding => ({
  level: "error",
  where,
  what,
  ...(remedy === undefined ? {} : { remedy }),
});

export const warning = (where: string, what: string, remedy?: string): Finding => ({
  ...error(where, what, remedy),
  level: "warning",
});

/** The findings of those checks that failed, each a condition and what it means. */
export const errors = (where: string, checks: readonly (readonly [failed: boolean, what: string])[]): Finding[] =>
  checks.flatMap(([failed, what]) => (failed ? [error(where, what)] : []));
