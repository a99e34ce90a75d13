import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TarEntry } from "../../src/build/tar/entry.ts";
import { tarEnd, tarHeader, tarPadding } from "../../src/build/tar/write.ts";
import { run } from "../../src/system/process.ts";

export const never = (): AbortSignal => new AbortController().signal;

export type Plant = Partial<Omit<TarEntry, "xattrs" | "size">> & {
  readonly path: string;
  readonly content?: Buffer | string;
  readonly xattrs?: Readonly<Record<string, Buffer | string>>;
};

/** A folder of a test's own, gone when the test ends. */
export async function scratch(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "livewright-test-"));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}

export function tarOf(plants: readonly Plant[]): Buffer {
  return Buffer.concat([
    ...plants.flatMap(({ content = "", xattrs = {}, ...given }) => {
      const bytes = Buffer.from(content);
      const entry: TarEntry = {
        type: "file",
        mode: given.type === "directory" ? 0o755 : 0o644,
        uid: 0,
        gid: 0,
        mtime: 1000,
        ...given,
        size: bytes.length,
        xattrs: new Map(Object.entries(xattrs).map(([name, value]) => [name, Buffer.from(value)])),
      };
      return [tarHeader(entry), bytes, tarPadding(bytes.length)];
    }),
    tarEnd(),
  ]);
}

/** Make a real tree, with owners, devices and extended attributes. Only root may. */
export async function plant(tree: string, plants: readonly Plant[]): Promise<void> {
  await mkdir(tree, { recursive: true });
  await writeFile(`${tree}.tar`, tarOf(plants));
  const args = ["-xpf", `${tree}.tar`, "--numeric-owner", "--xattrs", "--xattrs-include=*", "-C", tree];
  await run({ tool: "tar", args, signal: never() });
}
