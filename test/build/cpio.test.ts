import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capture } from "../../src/system/process.ts";
import { checkout } from "../livewright.ts";
import { never, scratch } from "./plant.ts";

test("a further initramfs has the same bytes whatever the modes of the checkout, but for who may execute a file", async () => {
  await using place = await scratch();
  const packed = async (name: string, modes: Readonly<Record<"folder" | "answers" | "script", number>>) => {
    const folder = join(place.path, name);
    await mkdir(join(folder, "scripts"), { recursive: true });
    await writeFile(join(folder, "preseed.cfg"), "d-i\n");
    await writeFile(join(folder, "scripts/run"), "#!/bin/sh\n");
    await chmod(join(folder, "scripts"), modes.folder);
    await chmod(join(folder, "preseed.cfg"), modes.answers);
    await chmod(join(folder, "scripts/run"), modes.script);
    const env = { LIVEWRIGHT_EPOCH: "1000000000", LIVEWRIGHT_OUT: `${folder}.cpio` };
    await capture({ tool: "sh", args: [join(checkout, "hooks/cpio"), folder], env, signal: never() });
    // Inode and device numbers are renumbered by --reproducible.
    return (await readFile(`${folder}.cpio`)).toString("latin1");
  };
  const one = await packed("one", { folder: 0o755, answers: 0o644, script: 0o755 });
  expect(await packed("two", { folder: 0o2770, answers: 0o600, script: 0o700 })).toBe(one);
  expect(await packed("three", { folder: 0o755, answers: 0o755, script: 0o755 })).not.toBe(one);
});
