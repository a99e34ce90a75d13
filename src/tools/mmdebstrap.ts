import { shipped, type Arg, type Command, type Place } from "../command.ts";

export interface Bootstrap {
  readonly suite: string;
  readonly architecture: string;
  readonly components: readonly string[];
  readonly include: readonly string[];
  /** deb822 sources of the archives to install from. */
  readonly sources: Place;
  /** What apt made of their indices: its own lists. */
  readonly lists: Place;
  /** The same as its cache, for an apt of this version whose lists lie in this tree. */
  readonly index: Place;
  /** What is going to be installed, in the words of `apt-get --print-uris`. */
  readonly wanted: Place;
  /** The folder that becomes the root. */
  readonly tree: Place;
  /** Keyrings that replace the host's, for other archives than Debian's. */
  readonly keyring?: Place;
}

/** Bootstrap a minimal system (mmdebstrap(1)). The lists, whose signatures apt has checked, say what each package must be. */
export function mmdebstrap({
  suite,
  architecture,
  components,
  include,
  sources,
  lists,
  index,
  wanted,
  tree,
  keyring,
}: Bootstrap): Command {
  // prettier-ignore
  const args: readonly Arg[] = [
    "--mode=root",
    "--variant=minbase",
    "--format=directory",
    `--architectures=${architecture}`,
    `--components=${components.join(",")}`,
    ...(include.length > 0 ? [`--include=${[...include].sort().join(",")}`] : []),
    ...(keyring === undefined ? [] : [{ join: ["--keyring=", keyring] }]),
    "--skip=update",
    { join: ["--setup-hook=ln -s ", lists, '/* "$1"/var/lib/apt/lists/'] },
    { join: ['--setup-hook=mkdir -p "$1"/var/cache/apt && cp ', index, ' "$1"/var/cache/apt/'] },
    { join: ["--setup-hook=sh ", shipped("hooks/merged-usr"), ' "$1" ', wanted] },
    "--aptopt=Acquire::Languages none",
    "--dpkgopt=force-unsafe-io",
    suite,
    tree,
    sources,
  ];
  return { tool: "mmdebstrap", args };
}
