import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { digestsOf } from "../src/system/digests.ts";
import { ordinaryUser } from "./ordinary-user.ts";
import { builtIso } from "./workshop.ts";

test.each(["standard", "xfce"])("an ordinary user reproduces root's %s byte for byte", async (recipe) => {
  await using user = await ordinaryUser();
  const roots = await builtIso(recipe);
  const record = join(user.home, `${recipe}.build.json`);
  await copyFile(roots.replace(/iso$/, "build.json"), record);
  const folders = ["--cache", join(user.home, "cache"), "-o", join(user.home, "out")];
  const done = await user.livewright(["reproduce", record, ...folders, "--progress", "plain"]);
  expect(done.status, done.stderr).toBe(0);
  const theirs = join(user.home, "out", basename(roots));
  expect(await digestsOf(theirs, ["sha256"])).toEqual(await digestsOf(roots, ["sha256"]));
});
