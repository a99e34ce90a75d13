import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, isCode, readText } from "./files.ts";

/**
 * Answers that cost a program's start or the reading of much each time, kept in `answers/` of the cache. A question holds all that its
 * answer depends on, so that a kept answer is never out of date: whatever changes, the question is another. Without a cache
 * every question is asked.
 */
export class Memory {
  readonly #folder: string | undefined;
  constructor(cache?: string) {
    this.#folder = cache === undefined ? undefined : join(cache, "answers");
  }

  /** The answer to this very question. One that is undefined is not kept. */
  async recall<Answer extends string | undefined>(
    question: readonly unknown[],
    ask: () => Promise<Answer>,
  ): Promise<Answer | string> {
    if (this.#folder === undefined) return ask();
    const path = join(this.#folder, createHash("sha256").update(JSON.stringify(question)).digest("hex"));
    const kept = await answerIn(path);
    if (kept !== undefined) return kept;
    const answer = await ask();
    if (answer !== undefined) await this.#keep(path, JSON.stringify({ question, answer }));
    return answer;
  }

  /** Forget what was answered before a time (milliseconds since 1970): most of it will not be asked again. */
  async forget(before: number): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined || !(await exists(folder))) return;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if ((await stat(path)).mtimeMs < before) await rm(path, { force: true });
    }
  }

  async #keep(path: string, text: string): Promise<void> {
    const draft = `${path}.${randomUUID()}`;
    try {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(draft, text);
      await rename(draft, path);
    } catch (error) {
      // What cannot be kept is asked again; a cache that cannot be written to is told by those who must write there.
      if (![...unusable, "EPERM", "EROFS", "ENOSPC", "EEXIST"].some((code) => isCode(error, code))) throw error;
    }
  }
}

/** A file that a crash left empty or cut off is no answer, nor is what lies in a folder that is not ours to read. */
async function answerIn(path: string): Promise<string | undefined> {
  try {
    const { answer } = JSON.parse(await readText(path)) as { readonly answer?: unknown };
    return typeof answer === "string" ? answer : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || unusable.some((code) => isCode(error, code))) return undefined;
    throw error;
  }
}

/** There is no such place, or none for us. */
const unusable = ["ENOENT", "ENOTDIR", "EACCES"];
