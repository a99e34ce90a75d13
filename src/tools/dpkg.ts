import type { Command } from "../command.ts";

/** A command whose arguments name no places: whoever runs it knows the paths. */
type Plain = Command & { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> };

/** Pack a tree with a DEBIAN folder, every file root's, the same bytes for the same `epoch` on every machine. */
export const buildDeb = (wish: { readonly tree: string; readonly deb: string; readonly epoch: number }): Plain => ({
  tool: "dpkg-deb",
  // prettier-ignore
  args: [
    "--root-owner-group",
    "-Zxz",
    "--threads-max=1",
    "--build", wish.tree, wish.deb,
  ],
  env: { SOURCE_DATE_EPOCH: String(wish.epoch) },
});

/** Print one field of a package's control file. */
export const debField = (deb: string, field: string): Plain => ({
  tool: "dpkg-deb",
  args: ["--field", deb, field],
});

export interface Metapackage {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
}

/** The control file of a package that is nothing but what it depends on. */
export const control = ({ name, version, summary, depends, recommends }: Metapackage): string =>
  [
    `Package: ${name}`,
    `Version: ${version}`,
    "Architecture: all",
    "Maintainer: Livewright <livewright@localhost.invalid>",
    "Section: metapackages",
    "Priority: optional",
    ...relation("Depends", depends),
    ...relation("Recommends", recommends),
    `Description: ${summary}`,
    " Depends on the packages of a live medium, so that they can be installed",
    " on an ordinary system, or pulled in by another image.",
    "",
  ].join("\n");

/** Wrapped as deb-control(5) allows, one package a line. */
const relation = (field: string, packages: readonly string[]): readonly string[] =>
  packages.length === 0 ? [] : [`${field}: ${packages.map(dependency).join(",\n ")}`];

/** What apt is told, in the words of a dependency: a version is kept, a suite cannot be. */
function dependency(wish: string): string {
  const [name = wish, version] = wish.split("=");
  return version === undefined ? name.replace(/\/.*$/u, "") : `${name} (= ${version})`;
}
