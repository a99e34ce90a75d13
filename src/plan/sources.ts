import { archive, type Arg, type Part, type SourcePlace } from "../command.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { ArchiveFacts, ReleaseFacts } from "./stage.ts";

/** Where Debian's own packages look for the keys of its archive. */
export const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** deb822 sources (sources.list(5)) of what the build installs from; addresses are filled in when a tool runs. */
export function buildSources(recipe: Recipe, facts: ArchiveFacts, keyFolder: string): Arg {
  return {
    join: facts.releases.flatMap((release) => stanza(release, keyPath(recipe, release.role, keyFolder), recipe)),
  };
}

function stanza(
  { role, suite, components }: ReleaseFacts,
  key: string,
  { checkValidUntil, repositories }: Recipe,
): readonly Part[] {
  const own = repositories.some(({ name }) => name === role);
  const unchecked = checkValidUntil || own ? "" : "Check-Valid-Until: no\n";
  return [
    "Types: deb\nURIs: ",
    archive(role),
    `\nSuites: ${suite}\nComponents: ${components.join(" ")}\nSigned-By: ${key}\n${unchecked}\n`,
  ];
}

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
