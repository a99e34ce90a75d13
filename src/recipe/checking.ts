import type { Wish } from "./keys.ts";
import type { Node, Way } from "./tree.ts";

/** What a check is given: the wish, where each part of it was written, and ways to complain. */
export interface Checking {
  readonly wish: Wish;
  readonly tree: Node;
  /** Tell a fault of the part at the end of the way. */
  readonly fault: (way: Way, message: string) => void;
  readonly warn: (way: Way, message: string) => void;
}
