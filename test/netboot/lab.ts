import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { renderList, stacked } from "../../src/netboot/list.ts";
import { capture } from "../../src/system/process.ts";

/** A module as the lab's server has it, and what the list says of it where that is to be another thing. */
export interface Module {
  readonly path: string;
  readonly bytes?: number;
  /** What lies on the server, when it is not what the list means. */
  readonly served?: (content: Buffer) => Buffer | undefined;
}

export interface Wish {
  readonly modules?: readonly Module[];
  /** Kernel arguments after those that name the list. */
  readonly args?: string;
  /** The list's text, spoilt before its digest is taken. */
  readonly list?: (text: string) => string;
  /** The list's text as the server has it, spoilt after its digest was taken. */
  readonly servedList?: (text: string) => string;
  readonly faults?: Readonly<Record<string, unknown>>;
  readonly http?: boolean;
  readonly tftp?: boolean;
  readonly dhcp?: boolean;
  readonly dnsmasq?: readonly string[];
  /** Shell commands on the server, once both machines are wired. */
  readonly setup?: string;
  /** What initramfs-tools' init exports. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a person types into the shell, if there is one. */
  readonly typed?: string;
}

/** What was seen: on the console, at the server, and in the guest once its scripts had ended. */
export interface Seen {
  readonly console: string;
  readonly requests: readonly string[];
  readonly seconds: number;
  /** Files that the guest left, by name. */
  readonly out: Readonly<Record<string, string>>;
  /** Names in the folder that live-boot is given, or none when it is given nothing. */
  readonly medium: readonly string[];
  readonly param: string;
}

const hooks = join(import.meta.dirname, "../../hooks/initramfs");

/** Boot the lab's guest as far as live-boot, once. */
export async function boot(wish: Wish, signal: AbortSignal): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), "livewright-lab-"));
  try {
    await furnish(folder, wish);
    const begun = performance.now();
    await capture({
      tool: "unshare",
      args: [
        ...["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"],
        ...["sh", join(import.meta.dirname, "lab.sh")],
      ],
      env: {
        LAB_FOLDER: folder,
        LAB_HOOKS: hooks,
        LAB_NODE: process.execPath,
        LAB_HTTP: wish.http === false ? "no" : "yes",
        LAB_FAULTS: JSON.stringify(wish.faults ?? {}),
      },
      signal,
    });
    return await look(folder, (performance.now() - begun) / 1000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function furnish(folder: string, wish: Wish): Promise<void> {
  const place = async (path: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const modules = (wish.modules ?? [{ path: "live/01-base.squashfs" }, { path: "live/02-console.squashfs" }]).map(
    (module) => ({ ...module, content: randomBytes(module.bytes ?? 300_000) }),
  );
  for (const { path, content, served } of modules) {
    const there = served === undefined ? content : served(content);
    if (there !== undefined) await place(`served/${path}`, there);
  }
  const listed = modules.map(({ path, content }) => ({ sha256: digest(content), bytes: content.length, path }));
  const rendered = renderList({ chain: "base-console", memory: 50_000_000, modules: stacked(listed) });
  const list = wish.list?.(rendered) ?? rendered;
  await place("served/lists/default.modules", wish.servedList?.(list) ?? list);
  const args = `livewright.list=lists/default.modules livewright.sha256=${digest(list)}`;
  await place("cmdline", `boot=live components ${args} ${wish.args ?? "livewright.from=http://10.9.0.1/"}\n`);
  const env = { quiet: "y", panic: "", BOOTIF: "", rootmnt: "/root", break: "", ...wish.env };
  await place(
    "guest.env",
    `export ${Object.entries(env)
      .map(([name, value]) => `${name}='${value}'`)
      .join(" ")}\n`,
  );
  await place("setup", wish.setup ?? "");
  await place("typed", wish.typed ?? 'echo "$REASON" > /out/reason; kill -9 -1\n');
  await place(
    "dnsmasq.conf",
    dnsmasq(folder, wish)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

const dnsmasq = (folder: string, { tftp = true, dhcp = true, dnsmasq = [] }: Wish): readonly string[] => [
  ...["no-resolv", "no-hosts", "no-ping", "interface=srv0", "bind-dynamic", "dhcp-authoritative"],
  `dhcp-leasefile=${folder}/leases`,
  "address=/boot.lab/10.9.0.1",
  ...(dhcp ? ["dhcp-range=10.9.0.50,10.9.0.99,255.255.255.0,1h", "dhcp-boot=pxelinux.0"] : []),
  ...(tftp ? ["enable-tftp", `tftp-root=${folder}/served`] : []),
  ...dnsmasq,
];

const digest = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

async function look(folder: string, seconds: number): Promise<Seen> {
  const text = async (path: string): Promise<string> =>
    existsSync(join(folder, path)) ? readFile(join(folder, path), "utf8") : "";
  const names = await readdir(join(folder, "out"));
  const files = names.filter((name) => !["livewright", "param.conf"].includes(name));
  const medium = join(folder, "out/livewright/medium/live");
  return {
    console: await text("console"),
    requests: (await text("requests")).split("\n").filter((line) => line !== ""),
    seconds,
    out: Object.fromEntries(await Promise.all(files.map(async (name) => [name, await text(`out/${name}`)] as const))),
    medium: existsSync(medium) ? (await readdir(medium)).sort() : [],
    param: await text("out/param.conf"),
  };
}
