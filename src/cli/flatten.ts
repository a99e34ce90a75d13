import { open, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { superblockFaults, superblockLength } from "../audit/squashfs.ts";
import { flatten as join } from "../build/flatten.ts";
import { Failure } from "../failure.ts";
import { exists } from "../system/files.ts";
import { levels, packing } from "../recipe/compression.ts";
import type { FlattenOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Join squashfs modules, lowest first, into one. Its path is the result. */
export async function flatten(modules: readonly string[], options: FlattenOptions, session: Session): Promise<void> {
  const { compression, level } = options;
  const to = resolve(options.output);
  refuseLevel(compression, level);
  await refuseStranger(to);
  for (const module of modules) await refuseOther(module);
  await join({
    modules,
    to,
    ...packing({ compression, level }),
    report: session.report,
    signal: session.signal,
  });
  session.print(to);
}

function refuseLevel(compression: FlattenOptions["compression"], level: number | undefined): void {
  const most = levels[compression];
  if (level === undefined || level <= most) return;
  const text = most === 0 ? `${compression} has no levels` : `${compression} has levels 1 to ${String(most)}`;
  throw new Failure("usage", `--level ${String(level)}: ${text}`);
}

async function refuseStranger(to: string): Promise<void> {
  const folder = dirname(to);
  if (!(await exists(folder)) || !(await stat(folder)).isDirectory())
    throw new Failure("usage", `${folder} is not a folder`, { remedy: `mkdir -p ${folder}` });
  if (await exists(to))
    throw new Failure("refused", `${to} is there already`, { remedy: "move it away, or name another file with -o" });
}

async function refuseOther(module: string): Promise<void> {
  const kind = (await exists(module)) ? await stat(module) : undefined;
  if (kind?.isFile() !== true)
    throw new Failure("usage", kind === undefined ? `${module} is not there` : `${module} is not a file`);
  await using file = await open(module);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(superblockLength), 0, superblockLength, 0);
  const [fault] = superblockFaults(buffer.subarray(0, bytesRead), kind.size);
  if (fault !== undefined) throw new Failure("usage", `${module} is not a squashfs that can be read: ${fault}`);
}
