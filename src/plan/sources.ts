import { archive, type Arg, type Part, type SourcePlace } from "../command.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { ArchiveFacts, ReleaseFacts } from "./facts.ts";

/** Where Debian's own packages look for the keys of its archive. */
export const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where a program finds the frozen archive, one folder a role, and the keys it is signed with. */
export interface Whence {
  readonly archive: string;
  readonly keys: string;
}

/**
 * deb822 sources (sources.list(5)) of what the build installs from: the frozen archive, which has nothing but lists of packages.
 * Whether its state may still be used was judged when it was chosen; it does not expire while a build runs.
 */
export const buildSources = (recipe: Recipe, { releases }: ArchiveFacts, { archive: folder, keys }: Whence): string =>
  releases
    .flatMap((release) => {
      const key = keyPath(recipe, release.role, keys);
      return stanza(release, `${folder}/${release.role}`, [
        `Signed-By: ${key}`,
        "Check-Valid-Until: no",
        "Targets: Packages",
      ]);
    })
    .join("");

/** The same for the archives themselves; addresses are filled in when a tool runs. */
export const networkSources = (recipe: Recipe, { releases }: ArchiveFacts, { keys }: Whence): Arg => ({
  join: releases.flatMap((release) => {
    const own = recipe.repositories.some(({ name }) => name === release.role);
    const unchecked = recipe.checkValidUntil || own ? [] : ["Check-Valid-Until: no"];
    return stanza(release, archive(release.role), [`Signed-By: ${keyPath(recipe, release.role, keys)}`, ...unchecked]);
  }),
});

const stanza = <Address extends Part>(
  { suite, components }: ReleaseFacts,
  address: Address,
  options: readonly string[],
): readonly (Address | string)[] => [
  "Types: deb\nURIs: ",
  address,
  `\nSuites: ${suite}\nComponents: ${components.join(" ")}\n${options.map((line) => `${line}\n`).join("")}\n`,
];

/** The sources that the booted system keeps: the recipe's image mirror, never the build's. */
export function imageSources(recipe: Recipe, facts: ArchiveFacts): string {
  return facts.releases
    .map(({ role, suite, components }) => {
      const lines = [
        "Types: deb",
        `URIs: ${imageUrl(recipe, role)}`,
        `Suites: ${suite}`,
        `Components: ${components.join(" ")}`,
        `Signed-By: ${keyPath(recipe, role, "/etc/apt/keyrings")}`,
      ];
      return `${lines.join("\n")}\n`;
    })
    .join("\n");
}

/** Whether apt inside the image asks for certificates: when it is the booted system's, or a hook's that may use the network. */
export const meetsCertificates = (recipe: Recipe, { releases }: ArchiveFacts): boolean =>
  releases.some(
    ({ role, url }) =>
      imageUrl(recipe, role).startsWith("https:") ||
      (recipe.layers.some(({ network }) => network) && url.startsWith("https:")),
  );

function imageUrl({ mirrors, repositories }: Recipe, role: string): string {
  if (role === "security") return mirrors.security;
  return repositories.find(({ name }) => name === role)?.url ?? mirrors.image;
}

/** Keys of our own that the sources name: the other archive's and the extra repositories'. */
export const ownKeys = ({
  archive: other,
  repositories,
}: Recipe): readonly { readonly role: string; readonly key: SourcePlace }[] => [
  ...(other === undefined ? [] : [{ role: "main", key: other.keyring }]),
  ...repositories.map(({ name, key }) => ({ role: name, key })),
];

/** apt tells an armoured key from a binary one by the file's ending. */
export const keyName = (role: string, key: SourcePlace): string =>
  `${role}.${key.path.endsWith(".asc") ? "asc" : "gpg"}`;

function keyPath(recipe: Recipe, role: string, folder: string): string {
  const own = ownKeys(recipe).find((each) => each.role === role);
  return own === undefined ? debianKeyring : `${folder}/${keyName(role, own.key)}`;
}
