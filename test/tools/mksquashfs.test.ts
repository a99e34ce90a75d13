import { expect, test } from "vitest";
import { output } from "../../src/command.ts";
import { mksquashfs } from "../../src/tools/mksquashfs.ts";

const usual = { tar: output("layer.tar"), image: output("layer.squashfs"), block: 2 ** 20 } as const;

test("mksquashfs is told the dictionary in bytes", () => {
  const { args } = mksquashfs({ ...usual, compression: "xz", dictionary: 2 ** 17 });
  expect(args.slice(args.indexOf("-comp"))).toEqual(["-comp", "xz", "-Xdict-size", "131072", "-b", "1048576"]);
});

test("mksquashfs is told of no dictionary where there is none to choose", () => {
  const { args } = mksquashfs({ ...usual, compression: "zstd", level: 9 });
  expect(args.slice(args.indexOf("-comp"))).toEqual(["-comp", "zstd", "-Xcompression-level", "9", "-b", "1048576"]);
});
