import type { PeerName, Run } from "./figures.ts";

/** One of those who are compared: how it is made ready, measured and asked. */
export interface Builder {
  readonly name: PeerName;
  /** Debian packages that it takes. */
  readonly needs: readonly string[];
  /** Bring it to where its packages are downloaded and it can build. */
  readonly prepare: () => Promise<void>;
  /** What can be measured, by name. Each run brings about the state it starts from, unmeasured. */
  readonly runs: Readonly<Record<string, () => Promise<Run>>>;
  /** The ISO that boots are measured with, by what the boot is called; most have but one. */
  readonly iso: (told: string) => Promise<string>;
  readonly version: () => Promise<string>;
  readonly packages: () => Promise<number>;
}
