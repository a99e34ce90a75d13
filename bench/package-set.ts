/** What is asked for by name; with all that is recommended, it is the 211 packages that every figure is about. */
export const packageSet: readonly string[] = [
  "linux-image-amd64",
  "live-boot",
  "live-config",
  "sudo",
  "task-ssh-server",
];

/** What packages of the minimal system recommend. mmdebstrap heeds that while bootstrapping; others have to ask for it by name. */
export const recommended: readonly string[] = [
  "apt-utils",
  "bash-completion",
  "bsdextrautils",
  "ca-certificates",
  "debconf-i18n",
  "e2fsprogs-l10n",
  "libgpg-error-l10n",
  "manpages",
  "netbase",
];

/** Packages that bring little with them, so that what is measured is the change; each is new once. */
export const more = [
  "htop",
  "lsof",
  "tree",
  "pv",
  "ncdu",
  "bc",
  "sl",
  "dos2unix",
  "figlet",
  "pwgen",
  "ascii",
  "units",
] as const;
export const oneMore = more[0];
