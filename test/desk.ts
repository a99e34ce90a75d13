import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Session } from "../src/cli/session.ts";

/** What a subcommand is given in a test: a folder that is gone with the test, and what it prints, kept. */
export interface Desk {
  folder: string;
  printed: string[];
  readonly session: Session;
}

/** A new desk for every test of a file. */
export function desk(): Desk {
  const made: Desk = {
    folder: "",
    printed: [],
    session: {
      signal: new AbortController().signal,
      print: (text) => made.printed.push(text),
      report: () => undefined,
    },
  };
  beforeEach(() => {
    made.folder = mkdtempSync(join(tmpdir(), "livewright-desk-"));
    made.printed = [];
  });
  afterEach(() => {
    rmSync(made.folder, { recursive: true });
  });
  return made;
}
