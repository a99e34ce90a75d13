import type { Entry, LinuxEntry } from "../../medium.ts";
import type { Installer } from "../../recipe/recipe.ts";

/** Where the installer's kernels and initrds lie on the medium. */
export const installerPaths = {
  text: { kernel: "/install/vmlinuz", initrd: "/install/initrd.gz" },
  graphical: { kernel: "/install/gtk/vmlinuz", initrd: "/install/gtk/initrd.gz" },
  /** The text initrd with `/preseed.cfg` appended: a netboot initrd cannot read the medium it came from. */
  automated: { kernel: "/install/vmlinuz", initrd: "/install/preseed-initrd.gz" },
} as const;

type DebianInstaller = Extract<Installer, { kind: "debian-installer" }>;

/** The ways into debian-installer, as a menu of their own. */
export function installerMenu(installer: Installer): Entry | undefined {
  if (installer.kind === "none") return undefined;
  return { do: "menu", name: "install", title: "Install Debian from the network", entries: entriesOf(installer) };
}

// What follows "---" is also given to the system that gets installed.
const entriesOf = ({ graphical, text, speech, preseed }: DebianInstaller): readonly LinuxEntry[] => [
  ...(graphical
    ? [entry("install-graphical", "Install graphically", "graphical", ["vga=788", "---", "quiet"], network)]
    : []),
  ...(text ? [entry("install-text", "Install in text mode", "text", ["vga=788", "---", "quiet"], network)] : []),
  ...(speech
    ? [
        entry(
          "install-speech",
          "Install with speech",
          "graphical",
          ["vga=788", "speakup.synth=soft", "---", "quiet"],
          "Every question is read aloud. Needs loudspeakers or headphones and a network.",
        ),
      ]
    : []),
  ...(preseed === undefined
    ? []
    : [
        entry(
          "install-automated",
          "Install automatically",
          "automated",
          ["auto=true", "priority=critical", "preseed/file=/preseed.cfg", "vga=788", "---", "quiet"],
          "Answers come from the medium's preseed file. It may ERASE the computer's disks without asking.",
        ),
      ]),
  entry(
    "install-expert",
    "Install as an expert",
    "text",
    ["priority=low", "vga=788", "---"],
    "Every question the installer knows, in text mode.",
  ),
  entry(
    "install-rescue",
    "Rescue an installed system",
    "text",
    ["rescue/enable=true", "vga=788", "---", "quiet"],
    "Opens an installed system to repair it. Installs nothing.",
  ),
];

const network = "Packages are fetched from the network while installing.";

const entry = (
  name: string,
  title: string,
  which: keyof typeof installerPaths,
  args: readonly string[],
  help: string,
): LinuxEntry => ({
  do: "linux",
  name,
  title,
  kind: "installer",
  ...installerPaths[which],
  arguments: args,
  help,
});
