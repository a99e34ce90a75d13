import { Option, type Command } from "commander";
import { Failure } from "../failure.ts";
import * as option from "./flags.ts";
import type * as options from "./options.ts";
import { within, type Talking, type World } from "./within.ts";

/** The subcommands for what builds have left. */
export function mediaCommands(
  add: (name: string, description: string, examples: readonly string[]) => Command,
  world: World,
): void {
  add("test", "Boot an ISO or a netboot folder in QEMU and ask the running system for proof.", [
    "livewright test out/standard-1.0-bookworm-amd64.iso",
    "livewright test out/standard-1.0-bookworm-amd64.iso --firmware bios,uefi,secure-boot --medium cd,usb",
    "livewright test out/standard-1.0-bookworm-amd64.iso --entry live-failsafe --screenshots shots --junit boots.xml",
    "livewright test other.iso --login-fd 3 3<credentials",
    "livewright test out/standard-1.0-bookworm-amd64.raw --print",
    "livewright test out/standard-1.0-bookworm-amd64.netboot --firmware bios,secure-boot --by pxe",
  ])
    .argument("<iso>", "the image to boot, or the netboot folder to boot from")
    .addOption(
      option.listOf(
        "--firmware <names>",
        "what the machine starts with",
        ["bios", "uefi", "secure-boot"],
        ["bios", "uefi"],
      ),
    )
    .addOption(option.listOf("--medium <names>", "how the image is attached", ["cd", "usb"], ["cd", "usb"]))
    .addOption(
      option.listOf("--by <names>", "how a netboot folder is booted", ["pxe", "ipxe", "http"], ["pxe", "ipxe", "http"]),
    )
    .addOption(
      new Option(
        "--dhcp <server>",
        "who gives a guest that boots from the network its address: serve, other, or other and names us as next server: next",
      )
        .default("serve")
        .choices(["serve", "other", "next"]),
    )
    .option("--list <name>", "start the first entry of a netboot folder that fetches this list of modules")
    .addOption(
      new Option(
        "--memory <bytes>",
        "what the guest has, such as 2G (default: 2G; from a folder, what its list needs)",
      ).argParser(option.byteCount),
    )
    .option("--entry <name>", "the menu entry to start (default: the first)")
    .option("--checks <file>", "shell commands, one a line, that must succeed in the guest")
    .addOption(new Option("--timeout <seconds>", "the longest one boot may take").argParser(option.positive))
    .option("--junit <file>", "write the verdicts as JUnit XML")
    .option("--screenshots <folder>", "save pictures of the menu and of the end", option.folderPath)
    .addOption(
      new Option("--login-fd <number>", "read `name:password` from this open descriptor").argParser(option.descriptor),
    )
    .option("--recipe <recipe>", "log in as this recipe's user (default: the shipped recipe the medium names)")
    .addOption(option.uploads())
    .addOption(option.tokenFile())
    .addOption(option.uploadLimit())
    .option("--print", "print the emulator's command line and boot nothing", false)
    .addOption(option.json("the verdicts"))
    .addOption(option.progress())
    .action(async (iso: string, given: options.TestOptions & Talking, command: Command) => {
      const { isFolder, testFolder, printFolder } = await import("./test-folder.ts");
      const { test } = await import("./test.ts");
      const { inOwnNetwork } = await import("./own-network.ts");
      const folder = await isFolder(iso);
      refuseInVain(command, folder ? forImages : forFolders, folder ? "an image" : "a netboot folder");
      if (!folder) await within(world, given, (session) => test(iso, given, session));
      else if (given.print) await within(world, given, (session) => printFolder(iso, given, session));
      else await inOwnNetwork(world, given, (session) => testFolder(iso, given, session));
    });

  add("inspect", "Read a finished ISO or netboot folder again and say whether it hangs together.", [
    "livewright inspect out/standard-1.0-bookworm-amd64.iso",
    "livewright inspect out/standard-1.0-bookworm-amd64.netboot",
    "livewright inspect out/standard-1.0-bookworm-amd64.iso --json",
  ])
    .argument("<medium>", "the image or folder to read")
    .addOption(option.json("what was found"))
    .addOption(option.progress())
    .action(async (iso: string, given: options.InspectOptions & Talking) => {
      const { inspect } = await import("./inspect.ts");
      await within(world, given, (session) => inspect(iso, given, session));
    });

  add("serve", "Serve a netboot folder: TFTP, HTTP, and on a network what to boot.", [
    "livewright serve out/standard-1.0-bookworm-amd64.netboot",
    "livewright serve out/standard-1.0-bookworm-amd64.netboot --interface eth1",
    "livewright serve out/standard-1.0-bookworm-amd64.netboot --interface eth1 --dhcp-range 10.0.0.100,10.0.0.199",
    "livewright serve out/standard-1.0-bookworm-amd64.netboot --interface eth1 --uploads saved --token-file token",
  ])
    .argument("<folder>", "the netboot folder to serve")
    .option("--interface <name>", "the network to serve (default: none, only this machine)")
    .option("--address <address>", "which of the interface's addresses to listen at (default: its first)")
    .addOption(
      new Option("--http-port <number>", "where HTTP is answered (default: 80, without root 8080)").argParser(
        option.port,
      ),
    )
    .addOption(
      new Option(
        "--dhcp-range <from,to>",
        "give these addresses (default: only say what to boot, beside the network's own DHCP server)",
      ).argParser(option.addressRange),
    )
    .option("--no-ipxe", "treat an iPXE as the PXE of any network card, instead of sending it to boot.ipxe")
    .option("--verify", "refuse a folder that is not as its own SHA256SUMS says", false)
    .addOption(option.uploads())
    .addOption(option.tokenFile())
    .addOption(option.uploadLimit())
    .addOption(new Option("--json", "print each request as one line of JSON").default(false))
    .addOption(option.progress())
    .action(async (folder: string, given: options.ServeOptions & Talking) => {
      const { serve } = await import("./serve.ts");
      await within(world, given, (session) => serve(folder, given, session));
    });

  add("reproduce", "Build a published ISO once more from its build.json, and say whether it is the same.", [
    "livewright reproduce out/standard-1.0-bookworm-amd64.build.json",
    "livewright reproduce classroom-1.0-bookworm-amd64.build.json recipes/classroom.yaml -o rebuilt",
    "livewright reproduce build.json --iso ~/Downloads/standard-1.0-bookworm-amd64.iso --json | jq .same",
    "livewright reproduce build.json --mirror http://snapshot.debian.org/archive/debian/20260711T000000Z",
  ])
    .argument("<build.json>", "what the build left beside its ISO")
    .argument(
      "[recipe]",
      "the recipe that was built: a file, or a shipped one's name (default: the shipped one it names)",
    )
    .addOption(option.set())
    .option("-o, --output <folder>", "keep what was built there", option.folderPath)
    .option("--iso <file>", "the published ISO (default: the one beside build.json)")
    .addOption(option.mirror())
    .addOption(option.cache(world.env))
    .addOption(option.offline())
    .addOption(option.jobs())
    .addOption(option.memory())
    .addOption(option.json("what came of it"))
    .addOption(option.progress())
    .action(async (file: string, recipe: string | undefined, given: options.ReproduceOptions & Talking) => {
      const { withOwners } = await import("./owners.ts");
      const { reproduce } = await import("./reproduce.ts");
      await withOwners(world, given, (session) => reproduce(file, recipe, given, session));
    });

  add("flatten", "Join squashfs modules, lowest first, into one that shows the same.", [
    "livewright flatten 01-base.squashfs 02-essential.squashfs 03-settings.squashfs -o filesystem.squashfs",
    "livewright flatten $(sed 's|^|/media/stick/live/|' /media/stick/live/filesystem.module) -o all.squashfs",
    "livewright flatten base.squashfs desk.squashfs -o joined.squashfs --compression xz",
  ])
    .argument("<module...>", "the modules, in the order in which live-boot stacks them")
    .requiredOption("-o, --output <file>", "the squashfs to write; it must not be there yet", option.folderPath)
    .addOption(option.compression())
    .addOption(new Option("--level <number>", "how hard to try (default: 6 for zstd)").argParser(option.positive))
    .addOption(option.progress())
    .action(async (modules: readonly string[], given: options.FlattenOptions & Talking) => {
      const { flatten } = await import("./flatten.ts");
      await within(world, given, (session) => flatten(modules, given, session));
    });
}

/** What `livewright test` does to images only, and to netboot folders only. */
const forImages = ["medium"];
const forFolders = ["by", "dhcp", "list", "uploads", "tokenFile", "uploadLimit"];

/** An option that was given and would change nothing was meant for something else. */
function refuseInVain(command: Command, names: readonly string[], other: string): void {
  const given = command.options.filter(
    (one) => names.includes(one.attributeName()) && command.getOptionValueSource(one.attributeName()) === "cli",
  );
  if (given.length === 0) return;
  const flags = given.map(({ long }) => long ?? "").join(", ");
  throw new Failure("usage", `${flags}: that is for ${other}`, { remedy: "livewright test --help" });
}
