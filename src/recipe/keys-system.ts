import * as is from "./patterns.ts";
import { flag, keys, list, text } from "./shape.ts";

/** Of what is inherited: a new password makes the hash meaningless, and the other way round. */
const secrets = { password: ["password-hash"], "password-hash": ["password"] } as const;

export const user = keys({
  about: "The person who uses the live system. Made when the image is built.",
  displaces: secrets,
  keys: {
    name: text({ about: "The login name.", default: "user", ...is.userName }),
    fullname: text({ about: "The name that desktops show.", default: "Live user", ...is.fullName }),
    password: text({
      about: "The password in clear. Everybody who has the recipe knows it.",
      otherwise: "live, unless there is a password-hash",
      secret: true,
      ...is.password,
    }),
    "password-hash": text({
      about: "The password's hash as crypt(5) has it, made by mkpasswd, instead of the password.",
      otherwise: "made of the password",
      secret: true,
      ...is.passwordHash,
    }),
    sudo: flag({ about: "The user may become root, being in the group sudo.", default: true }),
    groups: list({
      about: "Further groups. Those that the image lacks are passed over.",
      item: text({ about: "A group.", ...is.group }),
      most: 50,
      default: ["audio", "cdrom", "dip", "floppy", "video", "plugdev", "netdev", "scanner", "bluetooth", "lpadmin"],
    }),
  },
});

export const root = keys({
  about: "The administrator's own account.",
  displaces: {
    password: ["password-hash", "locked"],
    "password-hash": ["password", "locked"],
    locked: ["password", "password-hash"],
  },
  keys: {
    locked: flag({ about: "Nobody logs in as root.", otherwise: "true, unless there is a password or a hash" }),
    password: text({ about: "Root's password in clear.", otherwise: "none", secret: true, ...is.password }),
    "password-hash": text({
      about: "Its hash as crypt(5) has it.",
      otherwise: "none",
      secret: true,
      ...is.passwordHash,
    }),
  },
});

export const locale = text({
  about: "The booted system's language and conventions.",
  example: "de_DE.UTF-8",
  default: "en_US.UTF-8",
  ...is.locale,
});

export const keyboard = keys({
  about: "The keyboard, in the words of keyboard(5).",
  displaces: { layout: ["variant"] },
  keys: {
    model: text({ about: "XKBMODEL.", default: "pc105", ...is.xkb }),
    layout: text({ about: "XKBLAYOUT.", example: "de", default: "us", ...is.layout }),
    variant: text({ about: "XKBVARIANT.", example: "nodeadkeys", default: "", ...is.xkb }),
    options: text({ about: "XKBOPTIONS.", example: "grp:alt_shift_toggle", default: "", ...is.xkb }),
  },
});

export const timezone = text({
  about: "The time zone.",
  example: "Europe/Berlin",
  default: "Etc/UTC",
  ...is.timezone,
});

export const saveCommand = flag({
  about:
    "Whoever boots the system can save what they have changed as a further module, with `livewright-save`. It brings squashfs-tools, attr and curl along.",
  default: false,
});

export const kernel = keys({
  about: "The kernel and its command line.",
  keys: {
    package: text({ about: "The package.", default: "linux-image-amd64", ...is.kernelPackage }),
    arguments: list({
      about: "Arguments of every live entry, besides those that the entry needs.",
      item: text({ about: "One argument.", ...is.kernelArgument }),
      most: 50,
      default: ["quiet"],
    }),
  },
});

export const console = keys({
  about: "Consoles besides the screen.",
  keys: {
    serial: text({
      about: "The serial line that menus, kernel and a login speak on, with its speed; none for none.",
      default: "ttyS0,115200",
      ...is.serial,
    }),
  },
});
