import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Artefact } from "../plan/stage.ts";
import { copy } from "../system/files.ts";
import { contentState } from "../system/known-digests.ts";
import { lock, type Lock } from "../system/lock.ts";
import type { Site } from "./site.ts";

/**
 * Copies of files on their way into the output folder, each under a partial name, which is all that they have until somebody
 * gives them another. From the first on the folder is ours: whoever else writes to it, or changes a netboot folder in it
 * (livewright stack), has its turn before or after. What is left when it is disposed of is removed.
 */
export class Copies implements AsyncDisposable {
  readonly folder: string;
  readonly site: Site;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #begun = new Map<string, Promise<Content>>();
  #held: Promise<Lock> | undefined;

  constructor(folder: string, site: Site) {
    this.folder = folder;
    this.site = site;
    this.#signal = AbortSignal.any([site.signal, this.#stop.signal]);
  }

  partial(name: string): string {
    return `${join(this.folder, name)}.partial`;
  }

  /** Wait until the folder is ours. */
  async enter(): Promise<void> {
    this.#held ??= this.#enter();
    await this.#held;
  }

  /** Begin to copy a file that is whole, but may yet be refused. If it gets another name too soon, it is copied from there. */
  begin(name: string, from: string): void {
    this.#begun.set(
      name,
      this.#bring(name, from, copy).catch(() => undefined),
    );
  }

  /** Bring all of a file to the disk under its partial name, unless that was begun with this very file: then wait for it. */
  async of(name: string, from: string, by: Copying = copy): Promise<void> {
    const begun = await this.#begun.get(name);
    if (begun !== undefined && String(begun) === String(await contentState(from))) return;
    const bringing = this.#bring(name, from, by);
    this.#begun.set(name, bringing);
    await bringing;
  }

  async #enter(): Promise<Lock> {
    await mkdir(this.folder, { recursive: true });
    return lock(this.folder, this.#signal, () => {
      this.site.report({ kind: "note", text: `waiting for another livewright that writes to ${this.folder}` });
    });
  }

  async #bring(name: string, from: string, by: Copying): Promise<Content> {
    await this.enter();
    const content = await contentState(from);
    await by(from, this.partial(name), this.#signal);
    await using file = await open(this.partial(name), "r+");
    await file.sync();
    return content;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#begun.values());
    for (const name of this.#begun.keys()) await rm(this.partial(name), { force: true });
    const held = await this.#held?.catch(() => undefined); // Who never came in has nothing to give back.
    await held?.[Symbol.asyncDispose]();
  }
}

type Copying = (from: string, to: string, signal: AbortSignal) => Promise<void>;

type Content = Awaited<ReturnType<typeof contentState>>;

/** Lets copies of artefacts begin as soon as a stage says that they are whole, though not yet found good. */
export const aheadOf =
  (copies: Copies, artefacts: readonly Artefact[]): NonNullable<Site["whole"]> =>
  ({ stage, path }, file) => {
    const artefact = artefacts.find(
      ({ place }) => place.at === "stage" && place.stage === stage && place.path === path,
    );
    if (artefact !== undefined) copies.begin(artefact.name, file);
  };
