import { open, readdir, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Content, Stretch } from "../system/digests.ts";
import type { Image } from "./image.ts";
import type { Node, Tree } from "./tree.ts";
import { error, type Finding } from "./verdict.ts";

/** A folder, read as if its files lay one after the other in an image. */
export interface Folder extends AsyncDisposable {
  readonly image: Image;
  readonly tree: Tree;
  /** What is in it besides files and folders: no server hands that out as it is. */
  readonly findings: readonly Finding[];
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false, // Whatever cannot be looked at is told when it is opened.
  );

export async function openFolder(folder: string): Promise<Folder> {
  const nodes = new Map<string, Node>();
  const findings: Finding[] = [];
  let end = 0;
  for (const entry of await entriesIn(folder)) {
    const path = join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, "");
    if (entry.isDirectory()) nodes.set(path, { path, type: "directory", size: 0, extents: [] });
    else if (entry.isFile()) {
      const { size } = await stat(join(folder, path));
      nodes.set(path, { path, type: "file", size, extents: [{ at: end, length: size }] });
      end += size;
    } else findings.push(error(`/${path}`, "it is neither a file nor a folder"));
  }
  const files = new Files(folder, [...nodes.values()]);
  return {
    image: {
      path: folder,
      size: end,
      read: (at, length) => files.read(at, length),
      content: (extents) => files.content(extents),
      [Symbol.asyncDispose]: () => files.close(),
    },
    tree: nodes,
    findings,
    [Symbol.asyncDispose]: () => files.close(),
  };
}

async function entriesIn(folder: string): Promise<Awaited<ReturnType<typeof listed>>> {
  const entries = await listed(folder).catch((cause: unknown) => {
    throw new Failure("usage", `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  });
  const whole = (entry: (typeof entries)[number]): string => join(entry.parentPath, entry.name);
  return entries.toSorted((one, other) => (whole(one) < whole(other) ? -1 : 1));
}

const listed = (folder: string) => readdir(folder, { recursive: true, withFileTypes: true });

/** Files as stretches of one image. They are few: modules, menus and loaders. */
class Files {
  readonly #folder: string;
  readonly #nodes: readonly Node[];
  readonly #open = new Map<string, Promise<FileHandle>>();

  constructor(folder: string, nodes: readonly Node[]) {
    this.#folder = folder;
    this.#nodes = nodes.filter(({ size }) => size > 0);
  }

  /** Nothing that is asked for goes beyond one file. */
  async read(at: number, length: number): Promise<Buffer> {
    const { node, from, rest } = this.#find(at);
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, rest)));
    if (node === undefined) return buffer;
    const { bytesRead } = await (await this.#handle(node.path)).read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  }

  /** A file has one extent, and nothing to read where it is empty. */
  content(extents: readonly Stretch[]): Content {
    const [{ at, length } = { at: 0, length: 0 }] = extents;
    const { node, from } = this.#find(at);
    return { path: join(this.#folder, node?.path ?? ""), stretches: [{ at: from, length }] };
  }

  #find(at: number): { readonly node: Node | undefined; readonly from: number; readonly rest: number } {
    const node = this.#nodes.findLast(({ extents }) => (extents[0]?.at ?? 0) <= at);
    const from = at - (node?.extents[0]?.at ?? 0);
    return { node, from, rest: Math.max(0, (node?.size ?? 0) - from) };
  }

  #handle(path: string): Promise<FileHandle> {
    const opened = this.#open.get(path) ?? open(join(this.#folder, path));
    this.#open.set(path, opened);
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#open.values()))
      if (opened.status === "fulfilled") await opened.value.close();
    this.#open.clear();
  }
}
