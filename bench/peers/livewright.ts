import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../../src/system/process.ts";
import type { Builder } from "../builder.ts";
import { checkout } from "../checkout.ts";
import type { Run } from "../figures.ts";
import { more } from "../package-set.ts";
import { discard, logged, measured, middle, type Words, type Workshop } from "../workshop.ts";

/** Livewright as a person runs it, with everything on that is on by default. */
export function livewright(workshop: Workshop): Builder {
  const { folder, signal } = workshop;
  const recipe = join(folder, "recipe");
  const cache = join(folder, "cache");
  const output = join(folder, "out");
  const downloaded = join(folder, "downloaded");
  const iso = join(output, "bench-1.0-bookworm-amd64.iso");
  const build = (...words: readonly string[]): Promise<Run> =>
    measured(workshop, { words: [...command(workshop, { cache, output }), ...theme, ...words], iso, cwd: recipe });
  const forget = (): Promise<void> => forgetStages(cache, workshop);

  const single = ["--set", "squashfs.modules=single"];

  /** What was made once is found again, and would be no change: each has a number of its own. */
  let changes = 0;
  let settled = false;
  /** The state that each change starts from: everything is built. */
  const settle = async (): Promise<void> => {
    if (!settled) await build();
    settled = true;
  };
  const changed = async (change: (at: number) => Promise<Run>): Promise<Run> => {
    await settle();
    const runs: Run[] = [];
    for (let time = 0; time < repeated; time++) runs.push(await change((changes += 1)));
    return middle(runs);
  };
  const another = [...more];
  const onePackage = (): string => {
    const name = another.shift();
    if (name === undefined) throw new Error("the package set has no more packages that are new");
    return name;
  };
  return {
    name: "livewright",
    needs: ["xorriso"],
    prepare: async () => {
      await mkdir(folder, { recursive: true });
      const doctor = [process.execPath, program, "doctor", "--install", "--for", "build", "--cache", cache] as const;
      await logged(folder, { words: doctor, cwd: folder, signal });
      await discard(recipe, workshop);
      await cp(join(checkout, "bench/recipe"), recipe, { recursive: true });
      await cp(join(checkout, "themes/calm"), join(recipe, "theme"), { recursive: true });
      // Changes that an earlier run made and built would be no changes any more.
      await forget();
      if (existsSync(downloaded)) return;
      await settle();
      await writeFile(downloaded, "");
    },
    runs: {
      "cold-xz": async () => {
        settled = false;
        await forget();
        return await build("--set", "squashfs.compression=xz");
      },
      cold: async () => {
        await forget();
        const run = await build("--trace", join(folder, "cold.trace.json"));
        settled = true;
        return run;
      },
      package: () => changed(() => build("--set", `layers[1].packages=[${onePackage()}]`)),
      file: () =>
        changed(async () => {
          await writeFile(join(recipe, "overlay/etc/bench"), `line ${Date.now()}\n`);
          return await build();
        }),
      title: () => changed((at) => build("--set", `menu.title=Title ${at}`)),
      colour: () =>
        changed(async (at) => {
          const file = join(recipe, "theme/theme.yaml");
          await writeFile(
            file,
            (await readFile(file, "utf8")).replace(/ground: "#....../, `ground: "#e9f${String(at).padStart(3, "0")}`),
          );
          return await build();
        }),
      argument: () => changed((at) => build("--set", `kernel.arguments=[quiet, bench=${at}]`)),
      nothing: () => changed(() => build()),
      "package-single": async () => {
        await settle();
        await build(...single);
        return await changed(() => build(...single, "--set", `layers[1].packages=[${onePackage()}]`));
      },
    },
    iso: async (told) => {
      if (told === "single") {
        await build(...single);
        settled = false;
      } else await settle();
      return iso;
    },
    version: async () => (await capture({ tool: process.execPath, args: [program, "--version"], signal })).trim(),
    packages: async () => (await readFile(iso.replace(/iso$/, "packages"), "utf8")).trim().split("\n").length,
  };
}

/** How often each change is made: short runs differ, and the one in the middle counts. */
const repeated = 3;

const program = join(checkout, "dist/main.js");

/** A copy that lies beside the recipe, so that one of its colours can be changed. */
const theme = ["--set", "menu.theme=theme/"];

/** Build the recipe of the folder that the program is started in. */
export const command = ({ mirror }: Workshop, { cache, output }: { cache: string; output: string }): Words => [
  ...([process.execPath, program, "build", "recipe.yaml"] as const),
  ...["--cache", cache, "--output", output, "--mirror", mirror.main, "--progress", "plain"],
];

/** Take away all that was built and remembered, and leave what was downloaded. */
async function forgetStages(cache: string, workshop: Workshop): Promise<void> {
  if (!existsSync(cache)) return;
  for (const name of await readdir(cache))
    if (name !== "pool" && name !== "archives") await discard(join(cache, name), workshop);
}
