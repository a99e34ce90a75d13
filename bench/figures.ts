/** What the bench measures, as values: these are the shapes of its JSON. */

export const peerNames = ["livewright", "live-build", "script"] as const;
export type PeerName = (typeof peerNames)[number];

/** What one run took. */
export interface Run {
  /** Seconds by the clock. */
  readonly wall: number;
  /** Seconds of all processors together. */
  readonly cpu: number;
  /** Bytes of memory that its largest process held. */
  readonly peak: number;
  /** Bytes that it gave the file system to write. */
  readonly written: number;
  /** Bytes of the ISO that it left. */
  readonly iso: number;
}

export interface PeerFigures {
  readonly version: string;
  /** How many packages its system has. */
  readonly packages: number;
  /** The day its runs were measured, and whether that was in an earlier run. */
  readonly taken: string;
  readonly reused?: boolean;
  readonly runs: Readonly<Record<string, Run>>;
  /** Seconds to `login:`, by which medium it was. */
  readonly boots: Readonly<Record<string, number>>;
}

/** How long builds took which had more and more of something to do. */
export interface Growth {
  readonly of: string;
  readonly points: readonly GrowthPoint[];
}

export interface GrowthPoint {
  readonly count: number;
  /** Seconds of each build with so many, the quickest first. */
  readonly seconds: readonly number[];
}

export interface Machine {
  readonly processor: string;
  readonly processors: number;
  /** Bytes. */
  readonly memory: number;
  readonly kernel: string;
  readonly accelerator: string;
  /** What all peers work on. */
  readonly fileSystem: string;
}

export interface Report {
  readonly format: 1;
  readonly taken: string;
  readonly machine: Machine;
  readonly peers: Partial<Readonly<Record<PeerName, PeerFigures>>>;
  readonly growth: readonly Growth[];
}
