import { compressions, zstdLevel } from "./compression.ts";
import * as is from "./patterns.ts";
import { entryFamilies, mediumKinds } from "./recipe.ts";
import { flag, keys, list, path, text, whole, word } from "./shape.ts";

export const squashfs = keys({
  about: "How the root filesystem is packed.",
  displaces: { compression: ["level", "dictionary"] },
  keys: {
    modules: word({
      about:
        "layers makes each layer a squashfs of its own, so that a change packs little again; single joins them into one, without what upper layers hide.",
      of: ["layers", "single"],
      must: "a way to divide the root filesystem",
      default: "layers",
    }),
    compression: word({
      about: "zstd is small and quick; xz a little smaller and many times slower; lz4 the quickest and largest.",
      of: compressions,
      must: "a compression of squashfs",
      default: "zstd",
    }),
    level: whole({
      about: "How hard to try: 1 to 22 for zstd, 1 to 9 for gzip and lzo. xz and lz4 have none.",
      from: 1,
      to: 22,
      otherwise: `${String(zstdLevel)} for zstd, the tool's own for the others`,
    }),
    block: text({
      about:
        "Block size: larger packs smaller, and whoever reads a little reads more beside it, which makes starting slower.",
      example: "1M",
      otherwise: "256K, or room for the dictionary",
      orWhole: true,
      ...is.block,
    }),
    dictionary: text({
      about:
        "How far back xz looks for what is alike, at most the block: larger packs smaller and slower. The other compressions have none.",
      example: "1M",
      otherwise: "48K for xz, or the block if that is smaller",
      orWhole: true,
      ...is.dictionary,
    }),
  },
});

export const budget = keys({
  about: "What the medium may weigh. A build that exceeds it fails with status 5 and names the largest packages.",
  keys: {
    iso: text({
      about: "The most bytes of the ISO.",
      example: "700M",
      otherwise: "it may have any size",
      orWhole: true,
      ...is.bytes,
    }),
    root: text({
      about: "The most bytes of the files in the root filesystem, before they are packed.",
      example: "3G",
      otherwise: "they may have any size",
      orWhole: true,
      ...is.bytes,
    }),
  },
});

const language = keys({
  about: "A language that the menu offers.",
  keys: {
    title: text({ about: "As those who read it call it, in ASCII.", example: "Deutsch", ...is.title }),
    locale: text({ about: "Its locale.", example: "de_DE.UTF-8", ...is.locale }),
    layout: text({ about: "Its keyboard's layout.", example: "de", ...is.layout }),
  },
});

const ownEntry = keys({
  about: "An entry of your own, started with the live kernel.",
  keys: {
    name: text({ about: "Names the entry for `livewright test --entry`.", ...is.slug }),
    title: text({ about: "What the menu shows.", ...is.title }),
    arguments: list({
      about: "Kernel arguments added to those of the live entry.",
      item: text({ about: "One argument.", ...is.kernelArgument }),
      most: 50,
    }),
  },
});

export const menu = keys({
  about: "The boot menu, the same for BIOS and UEFI.",
  keys: {
    theme: text({
      about: "A shipped theme (calm, contrast), or a folder beside the recipe, written with a slash.",
      default: "calm",
      ...is.theme,
    }),
    timeout: whole({
      about: "Seconds until the first entry starts; 0 waits for ever.",
      from: 0,
      to: 3600,
      default: 10,
    }),
    title: text({
      about: "Headline of the menu.",
      otherwise: "made of the recipe's name and suite",
      example: "Classroom",
      ...is.title,
    }),
    offer: list({
      about: `What is offered besides your own entries: ${entryFamilies.join(", ")}.`,
      item: word({ about: "A family of entries.", of: entryFamilies, must: "a family of menu entries" }),
      most: 20,
      default: entryFamilies,
    }),
    languages: list({
      about: "Languages offered besides the recipe's own locale.",
      item: language,
      most: 40,
      default: [
        { title: "Deutsch", locale: "de_DE.UTF-8", layout: "de" },
        { title: "English (UK)", locale: "en_GB.UTF-8", layout: "gb" },
        { title: "Espanol", locale: "es_ES.UTF-8", layout: "es" },
        { title: "Francais", locale: "fr_FR.UTF-8", layout: "fr" },
        { title: "Italiano", locale: "it_IT.UTF-8", layout: "it" },
        { title: "Portugues do Brasil", locale: "pt_BR.UTF-8", layout: "br" },
      ],
    }),
    entries: list({ about: "Entries of your own, after the shipped ones.", item: ownEntry, most: 20 }),
  },
});

export const installer = keys({
  about: "An installer on the medium.",
  keys: {
    kind: word({
      about: "debian-installer puts Debian's own beside the live system; it installs from the network.",
      of: ["none", "debian-installer"],
      must: "a kind of installer",
      default: "none",
    }),
    graphical: flag({ about: "Offer its graphical interface.", default: true }),
    text: flag({ about: "Offer its text interface.", default: true }),
    speech: flag({ about: "Offer it with speech synthesis.", default: true }),
    preseed: path({
      about: "Answers for an automated installation. They get an entry of their own.",
      example: "preseed.cfg",
      expects: "file",
      otherwise: "no automated installation is offered",
    }),
    source: word({
      about: "Where its kernel and initrd come from: Debian's netboot package, or the images on the mirror.",
      of: ["package", "mirror"],
      must: "a source of the installer",
      default: "package",
    }),
  },
});

export const media = list({
  about:
    "What is made of the system: an ISO for discs and sticks, a folder from which computers without a disk boot by network, or both of the same modules.",
  example: "[{ kind: iso }, { kind: netboot }]",
  item: keys({
    about: "A medium.",
    keys: {
      kind: word({
        about:
          "iso: one file, which starts from a disc or a stick. netboot: a folder for servers of TFTP and HTTP, see netboot.md.",
        of: mediumKinds,
        must: "a kind of medium",
      }),
    },
  }),
  least: 1,
  most: 10,
  default: [{ kind: "iso" }],
});

export const volume = text({
  about: "The ISO's volume id.",
  example: "CLASSROOM_1",
  otherwise: "made of the recipe's name and suite",
  ...is.volume,
});

export const mediumHooks = list({
  about: "Programs run on the finished tree of the ISO, their one argument, before its checksums are made.",
  example: "[hooks/add-manual]",
  item: path({ about: "An executable file.", expects: "program" }),
  most: 100,
});

export const checks = list({
  about: "Shell commands that the boot test runs in the booted system; each must end with status 0.",
  example: '["htop --version"]',
  item: text({ about: "A command.", ...is.check }),
  most: 100,
});
