/**
 * What the texts of a recipe may look like, as [pattern, what a valid one is called]. Each is as narrow as its most
 * delicate reader: a boot menu, the kernel's command line, a shell, /etc/shadow.
 */
const pattern = (
  must: string,
  ...alternatives: readonly string[]
): { readonly must: string; readonly pattern: string } => ({
  must,
  pattern: `^(${alternatives.join("|")})$`,
});

const debianName = "[a-z0-9][a-z0-9.+-]*[a-z0-9+]";
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

export const recipeName = pattern("a short name of a-z, 0-9 and hyphens", "[a-z][a-z0-9-]{0,29}[a-z0-9]");

export const slug = pattern("a short name of a-z, 0-9 and hyphens", "[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?");

export const description = pattern(
  "one line of at most 120 characters",
  "[^\\s\\p{Cc}\\p{Cf}]([^\\p{Cc}\\p{Cf}\\u2028\\u2029]{0,118}[^\\s\\p{Cc}\\p{Cf}])?",
);

export const version = pattern("a version such as 1.0", "[0-9][0-9A-Za-z.+~]{0,29}");

export const suite = pattern("the name of a suite", "[a-z0-9]([A-Za-z0-9./-]{0,60}[A-Za-z0-9])?");

export const component = pattern("the name of an archive component", "[a-z0-9][a-z0-9/-]{0,40}");

/** Neither quotes nor blanks nor what a shell or an apt source would read differently. */
const address = "https?://[A-Za-z0-9._~:/?@+,=%\\[\\]-]+";

export const url = pattern("an http or https address", address);

export const mirror = pattern("auto, or an http or https address", "auto", address);

export const packageName = pattern(
  "a package name, as in htop, htop=3.2.2-2 or htop/bookworm-backports",
  `${debianName}(=[0-9][A-Za-z0-9.+:~-]*|/[a-z0-9-]+)?`,
);

export const task = pattern("a task; tasks are packages named task-…", "task-[a-z0-9][a-z0-9-]*[a-z0-9]");

export const kernelPackage = pattern("a kernel package, as in linux-image-amd64", `linux-image-${debianName}`);

/** GRUB's language gives a meaning to $, ;, {}, |, &, <> and quotes; blanks separate arguments. */
export const kernelArgument = pattern(
  "one kernel argument, without blanks, quotes and what boot loaders give a meaning to ($ ; & | < > { } ( ) \\ #)",
  "[A-Za-z0-9_][A-Za-z0-9_.,:/=+@%!~*-]{0,199}",
);

export const userName = pattern("a user name of a-z, 0-9, _ and -, at most 31 characters", "[a-z_][a-z0-9_-]{0,30}");

/** The fifth field of /etc/passwd: no colon; commas separate its parts. */
export const fullName = pattern(
  'a full name, without : , = " \\ and line ends',
  '[^:,="\\\\\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{0,80}',
);

/** The boot test types it on a serial line. */
export const password = pattern("a password of printable ASCII characters", "[ -~]{1,128}");

export const passwordHash = pattern(
  "a hash of crypt(5) that Debian accepts: yescrypt ($y$), scrypt ($7$), bcrypt ($2b$), sha512 ($6$) or sha256 ($5$)",
  "\\$(y|gy|7|2b|6|5)\\$[A-Za-z0-9./$=,]{20,200}",
);

export const group = pattern("the name of a group", "[a-z_][a-z0-9_-]{0,30}");

export const hostname = pattern("a host name: a-z, 0-9 and inner hyphens, at most 63 characters", label);

export const locale = pattern("a UTF-8 locale, as in de_DE.UTF-8", "C\\.UTF-8", "[a-z]{2,3}_[A-Z]{2}\\.UTF-8");

export const timezone = pattern("a time zone, as in Europe/Berlin", "[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}");

export const layout = pattern("a keyboard layout, as in de or us,ru", "[a-z]{2,12}(,[a-z]{2,12}){0,3}");

export const xkb = pattern("a word that the keyboard's configuration knows", "[A-Za-z0-9_:,-]{0,80}");

export const serial = pattern(
  "none, or a serial line as in ttyS0,115200",
  "none",
  "tty[A-Z]{1,3}[0-9]{1,2}(,[0-9]{3,7}([noe][78])?)?",
);

export const bytes = pattern("a number of bytes, such as 700M, 3G or 734003200", "[1-9][0-9]{0,14}[KMG]?");

export const block = pattern(
  "4K, 8K, 16K, 32K, 64K, 128K, 256K, 512K, 1M or that number of bytes",
  "(4|8|16|32|64|128|256|512)K",
  "1M",
);

export const dictionary = pattern(
  "8K, 12K, 16K, 24K, 32K, 48K, 64K, 96K, 128K, 192K, 256K, 384K, 512K, 768K, 1M or that number of bytes",
  "(8|12|16|24|32|48|64|96|128|192|256|384|512|768)K",
  "1M",
);

/** The BIOS menu can draw nothing but ASCII. */
export const title = pattern(
  "a line of at most 60 printable ASCII characters, for the BIOS menu has no others",
  "[!-~]([ -~]{0,58}[!-~])?",
);

export const volume = pattern("a volume id: at most 32 characters of A-Z, 0-9 and _", "[A-Z0-9_]{1,32}");

export const theme = pattern(
  "a shipped theme's name, or a folder beside the recipe written with a slash, as in themes/mine",
  "[a-z][a-z0-9-]{0,29}",
  "(?!/)(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]*/[^\\u0000-\\u001f\\u007f\\\\]*",
);

export const check = pattern("one line for a shell, at most 1000 printable ASCII characters", "[!-~][ -~]{0,999}");

export const parent = pattern(
  "the name of a shipped recipe, or a recipe file beside this one",
  "(?!/)[^\\u0000-\\u001f\\u007f\\\\]{1,200}",
);

/** Relative, and never above the recipe's own folder. */
export const inside = pattern(
  "a path inside the recipe's folder: not absolute, without ..",
  "(?![/~])(?!(.*/)?\\.\\.(/|$))[^\\u0000-\\u001f\\u007f\\\\]{1,400}",
);
