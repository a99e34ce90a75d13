import { resolve } from "node:path";
import { Cache } from "../build/cache.ts";
import { Failure } from "../failure.ts";
import { readBase } from "../restack/base.ts";
import { restack as stand } from "../restack/restack.ts";
import { Sums } from "../restack/sums.ts";
import { exists } from "../system/files.ts";
import { scratch } from "../system/scratch.ts";
import type { RestackOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Say of a module that it stands on another base, if it may; otherwise list what stands against it, and change nothing. */
export async function restack(module: string, options: RestackOptions, session: Session): Promise<void> {
  const { signal } = session;
  const cache = new Cache(resolve(options.cache));
  await using notes = await scratch();
  // Sums are remembered in a cache, but a folder for one is made only by who builds.
  const sums = new Sums((await exists(cache.root)) ? cache.root : undefined);
  const reading = { sums, scratch: notes.path, signal };
  const onto = await readBase(options.onto, reading);
  const { from, strict } = options;
  const done = await stand({ module, onto, places: { cache, from }, strict, reading });
  if (done.is === "refused") {
    session.print(done.conflicts.map(({ path, why }) => `${path}: ${why}\n`).join(""));
    const count = `${String(done.conflicts.length)} ${done.conflicts.length === 1 ? "conflict" : "conflicts"}`;
    throw new Failure(
      "refused",
      `${module} cannot come to stand on ${onto.chain}: ${count}, listed above; nothing was changed`,
      {
        remedy: "make or save the module anew on the new base",
      },
    );
  }
  const { chain } = done.record;
  session.print(
    done.is === "restacked" ? `${module} is ${chain} now\n` : `${module} stands there already, as ${chain}\n`,
  );
}
