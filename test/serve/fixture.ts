import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { renderList, stacked } from "../../src/netboot/list.ts";
import { fetchingMenu } from "../../src/netboot/menu.ts";
import { record } from "../machine/fake.ts";

export interface Fixture extends Disposable {
  /** Everything lies below this; `served` is in it. */
  readonly above: string;
  readonly served: string;
  readonly write: (path: string, content: string | Uint8Array) => void;
}

export const sum = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** A folder that looks like a netboot folder, with something beside it that nobody should get. */
export function fixture(): Fixture {
  const above = mkdtempSync(join(tmpdir(), "livewright-serve-"));
  const served = join(above, "demo.netboot");
  const write = (path: string, content: string | Uint8Array): void => {
    const whole = join(served, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
  };
  const module = Buffer.alloc(3_000_000, "module");
  const list = renderList({
    chain: "base",
    memory: 268_435_456,
    modules: stacked([{ sha256: sum(module), bytes: module.length, path: "live/01-base.squashfs" }]),
  });
  const menu = fetchingMenu(record.menu, { path: "lists/default.modules", sha256: sum(list) });
  const files: Record<string, string | Uint8Array> = {
    "live/01-base.squashfs": module,
    "lists/default.modules": list,
    ".disk/livewright.json": JSON.stringify({ ...record, menu, recipe: { name: "demo", shipped: false } }),
    "pxelinux.0": "a loader for BIOS\n",
    "EFI/boot/bootx64.efi": "a loader for UEFI\n",
    "boot.ipxe": "#!ipxe\n",
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  write(
    "SHA256SUMS",
    Object.entries(files)
      .map(([path, content]) => `${sum(content)}  ${path}\n`)
      .join(""),
  );
  writeFileSync(join(above, "secret"), "a secret beside the folder\n");
  return {
    above,
    served,
    write,
    [Symbol.dispose]() {
      rmSync(above, { recursive: true, force: true });
    },
  };
}
