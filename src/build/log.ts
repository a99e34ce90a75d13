import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";

/** The file that every tool's lines go to, each with its stage. */
export interface Log extends AsyncDisposable {
  readonly path: string;
  readonly add: (stage: string, line: string) => void;
}

/** Begin a log of its own for this run. */
export async function openLog(cache: string, recipe: string): Promise<Log> {
  const folder = join(cache, "logs");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${recipe}.${String(process.pid)}.log`);
  const stream = createWriteStream(path, { flags: "w" });
  await once(stream, "open");
  return {
    path,
    add: (stage, line) => {
      stream.write(`${stage}: ${line}\n`);
    },
    async [Symbol.asyncDispose]() {
      stream.end();
      await once(stream, "close");
    },
  };
}
