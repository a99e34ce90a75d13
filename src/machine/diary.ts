import type { Finding } from "./questions.ts";

/** What a boot came to, noted while it happens, so that a boot that ends badly has it too. */
export class Diary {
  readonly #since: number = performance.now();
  readonly reached: Record<string, number> = {};
  readonly findings: Finding[] = [];
  readonly screenshots: string[] = [];

  seconds(): number {
    return Math.round((performance.now() - this.#since) / 100) / 10;
  }

  reach(milestone: string): void {
    this.reached[milestone] ??= this.seconds();
  }

  note(...findings: readonly Finding[]): void {
    this.findings.push(...findings);
  }
}
