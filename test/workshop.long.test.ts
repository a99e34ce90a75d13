import { createHash } from "node:crypto";
import { chmod, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { livewright, testCache } from "./livewright.ts";
import { ordinaryUser } from "./ordinary-user.ts";
import { recipeFolder } from "./workshop.ts";

const digests = async (folder: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder))
        .filter((name) => /\.(squashfs|module)$/.test(name))
        .sort()
        .map(async (name): Promise<[string, string]> => [
          name,
          createHash("sha256")
            .update(await readFile(join(folder, name)))
            .digest("hex"),
        ]),
    ),
  );

test("an ordinary user makes the modules that root makes, byte for byte, and updates them", async () => {
  await using folder = await recipeFolder({
    "console/recipe.yaml":
      "name: console\nextends: minimal\nlayers: [{ name: console, packages: [nano], files: overlay }]\n",
    "console/overlay/etc/console": "1\n",
  });
  await using user = await ordinaryUser();
  const out = await mkdtemp(join(tmpdir(), "livewright-modules-"));
  try {
    const verb = (...words: readonly string[]): readonly string[] => [...words, "--progress", "plain"];
    const lock = await livewright(["lock", join(folder.path, "console/recipe.yaml"), "--cache", testCache]);
    expect(lock.status, lock.stderr).toBe(0);
    await cp(folder.path, join(user.home, "images"), { recursive: true });
    await chmod(join(user.home, "images"), 0o755);
    const root = await livewright(verb("makeall", "console", "--in", folder.path, "-o", out, "--cache", testCache));
    expect(root.status, root.stderr).toBe(0);
    const made = await user.livewright(verb("makeall", "console"));
    expect(made.status, made.stderr).toBe(0);
    expect(await digests(join(user.home, "out/modules"))).toEqual(await digests(out));
    const idle = await user.livewright(verb("updateall"));
    expect([idle.status, idle.stdout.match(/^was current/gm)?.length]).toEqual([0, 5]);
  } finally {
    await rm(out, { recursive: true });
  }
});
