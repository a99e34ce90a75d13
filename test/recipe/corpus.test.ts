import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { programRoot } from "../../src/cli/about.ts";
import { faultsOf, load } from "./desk.ts";

/** As the project promises it to its users: these key names never change. */
const classroom = `name: classroom
extends: full                # a shipped recipe or a file; lists of layers are appended
suite: bookworm
architecture: amd64
mirrors: {build: auto, image: http://httpredir.debian.org/debian}
layers:
  - name: lessons
    tasks: [task-xfce-desktop]
    packages: [htop]
    files: overlay/          # a folder laid over the root, owners root unless said
    hooks: [hooks/shorten-boot]
user: {name: user, password: live, sudo: true}
kernel: {package: linux-image-amd64, arguments: [quiet]}
squashfs: {compression: zstd, level: 9}
menu: {theme: calm, timeout: 10, title: Classroom}
installer: {kind: debian-installer, graphical: true}
checks: ["htop --version"]   # run in the booted guest by the boot test
`;
const files = { "/desk/overlay/etc/motd": "", "/desk/hooks/shorten-boot": "#!/bin/sh\n" };

test("the classroom's recipe says what it means", () => {
  const { recipe, warnings } = load(classroom, { files });
  expect(warnings).toEqual([]);
  expect(recipe).toMatchObject({
    name: "classroom",
    suite: "bookworm",
    architecture: "amd64",
    mirrors: { build: "auto", image: "http://httpredir.debian.org/debian" },
    layers: [
      { name: "first" },
      {
        name: "lessons",
        tasks: ["task-xfce-desktop"],
        packages: ["htop"],
        files: { at: "source", root: "recipe", path: "overlay" },
        hooks: [{ at: "source", root: "recipe", path: "hooks/shorten-boot" }],
      },
    ],
    user: { name: "user", secret: { kind: "password", text: "live" }, sudo: true },
    kernel: { package: "linux-image-amd64", arguments: ["quiet"] },
    squashfs: { compression: "zstd", level: 9 },
    menu: { theme: { path: "themes/calm" }, timeout: 10, title: "Classroom" },
    installer: { kind: "debian-installer", graphical: true },
    checks: ["htop --version"],
  });
});

/** Numbers that look random and are the same in every run (Numerical Recipes' generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const splinters = [
  "",
  "\n",
  "\t",
  ": ",
  "- ",
  "[",
  "]",
  "{",
  "}",
  "'",
  '"',
  "#",
  "&a ",
  "*a",
  "!!str ",
  "? ",
  "| ",
  "> ",
  "~",
  "0x1f",
  "\u0000",
  "\u{1F4A3}",
  "null",
  "true",
  "\\",
  "%",
  "@",
  "`",
  "--- ",
  "<<: ",
];

const shipped = ["standard", "xfce", "rescue"].map((name) =>
  readFileSync(`${programRoot}/recipes/${name}.yaml`, "utf8"),
);

test.each([classroom, ...shipped].map((text, at) => [at, text] as const))(
  "however recipe %i is damaged, it is read or refused with places, and nothing else happens",
  (seed, text) => {
    const roll = dice(seed + 1);
    for (let round = 0; round < 250; round++) {
      const from = roll(text.length);
      const splinter = splinters[roll(splinters.length)] ?? "";
      const damaged = text.slice(0, from) + splinter + text.slice(from + roll(4));
      for (const fault of faultsOf(damaged, { files }))
        expect(fault, JSON.stringify(damaged)).toMatch(/^[a-z.]+:\d+:\d+: \S/u);
    }
  },
);
