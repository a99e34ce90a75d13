/**
 * A user namespace in which the caller is root and has a subordinate range for everybody else (unshare(1), subuid(5)).
 * Without --fork: the program takes the place of unshare, and stays the caller's direct child.
 */
export const ownUsers = ["--user", "--map-auto", "--map-root-user"] as const;

/** The namespaces of one step on a root filesystem: what is mounted or started in them ends with them. */
export const ownMounts = [
  ...["--mount", "--propagation", "private"],
  ...["--uts", "--ipc"],
  ...["--pid", "--fork", "--kill-child"],
] as const;

/** A network namespace; whoever is not root needs a user namespace besides, in which the caller is root and there is nobody else. */
export const ownNetwork = (root: boolean): readonly string[] => [
  ...(root ? [] : ["--user", "--map-root-user"]),
  "--net",
];
