import { shipped, type Arg, type Command } from "../command.ts";

/** One of the program's own scripts in `hooks/`, which take one argument: the directory they work on. */
export const hook = (name: string, directory: Arg, env: Readonly<Record<string, Arg>> = {}): Command => ({
  tool: "sh",
  args: [shipped(`hooks/${name}`), directory],
  env,
  ...(hostTools[name] === undefined ? {} : { runs: hostTools[name] }),
});

/** Those of the host's programs in a script that lay out bytes of a medium. Others copy, sort and list, or are the image's own. */
const hostTools: Readonly<Record<string, readonly string[]>> = {
  cpio: ["cpio"],
  esp: ["mkfs.vfat", "mcopy"],
  raw: ["mke2fs", "sfdisk"],
  disk: ["debugfs"],
};

/** A hook that reads what `hooks/lib.sh` shares. */
export const libraryHook = (name: string, directory: Arg, env: Readonly<Record<string, Arg>>): Command =>
  hook(name, directory, { LIVEWRIGHT_LIB: shipped("hooks/lib.sh"), ...env });

/** What mmdebstrap, apt and dpkg tell while packages install, as one phrase: "unpacking htop", "setting up htop". */
export function aptPhrase(line: string): string | undefined {
  const phase = /^I: (.+?)\.{3}$/.exec(line)?.[1]; // mmdebstrap's own
  if (phase !== undefined) return phase;
  const match = /^(Unpacking|Setting up|Get:\d+ http\S+ \S+ \S+) ([^\s:]+)/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined)
    return line.startsWith("livewright: ") ? line.slice(12) : undefined;
  const verb = match[1].startsWith("Get:") ? "downloading" : match[1].toLowerCase();
  return `${verb} ${match[2]}`;
}
