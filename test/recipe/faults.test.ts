import { expect, test } from "vitest";
import { faultsOf } from "./desk.ts";

const kernelArgument =
  "is not one kernel argument, without blanks, quotes and what boot loaders give a meaning to ($ ; & | < > { } ( ) \\ #)";

/** A recipe's text after `name: demo`, which is line 1, and every fault that is told. */
const cases: Readonly<Record<string, readonly [rest: string, ...faults: readonly string[]]>> = {
  "an unknown key, with the one that was meant": [
    "hostnme: x",
    "recipe.yaml:2:1: hostnme is not a key of a recipe; did you mean hostname?",
  ],
  "an unknown key inside a map": [
    "menu: { tmeout: 3 }",
    "recipe.yaml:2:9: menu.tmeout is not a key of a recipe; did you mean timeout?",
  ],
  "a key on the wrong level": [
    "timeout: 3",
    "recipe.yaml:2:1: timeout is not a key of a recipe; did you mean menu.timeout?",
  ],
  "an unknown key without a namesake": [
    "user: { shoe: 43 }",
    "recipe.yaml:2:9: user.shoe is not a key of a recipe; known here: name, fullname, password, password-hash, sudo, groups",
  ],
  "a number where text belongs": [
    "version: 1.10",
    'recipe.yaml:2:10: version: 1.10 is not text to YAML; write "1.10" in quotes',
  ],
  "a yes that YAML 1.2 reads as text": [
    "firmware: yes\nuser: { sudo: no }",
    'recipe.yaml:2:11: firmware: "yes" is neither true nor false; did you mean true?',
    'recipe.yaml:3:15: user.sudo: "no" is neither true nor false; did you mean false?',
  ],
  "text where a list or a map belongs": [
    "layers: htop\nmenu: calm\nkernel: { arguments: quiet }",
    'recipe.yaml:2:9: layers: "htop" is not a list; write [htop]',
    'recipe.yaml:3:7: menu: "calm" is not a map of keys; known here: theme, timeout, title, offer, languages, entries',
    'recipe.yaml:4:22: kernel.arguments: "quiet" is not a list; write [quiet]',
  ],
  "an address with a password in it": [
    "mirrors: { build: https://me:secret@example.org/debian, image: http://example.org/a@b }",
    "recipe.yaml:2:19: mirrors.build: holds a name or password, which would be published with the image; apt takes them from /etc/apt/auth.conf.d",
  ],
  "a key without a value": [
    "hostname:",
    "recipe.yaml:2:10: hostname: there is no value; give one, or leave the key out",
  ],
  "numbers out of range": [
    "menu: { timeout: -1 }\nsquashfs: { level: 99, block: 3000 }",
    "recipe.yaml:2:18: menu.timeout: -1 is not a whole number from 0 to 3600",
    "recipe.yaml:3:20: squashfs.level: 99 is not a whole number from 1 to 22",
    "recipe.yaml:3:31: squashfs.block: 3000 is no power of two from 4096 to 1048576 (1M)",
  ],
  "a budget that is no number of bytes": [
    "budget: { iso: 700MB }\nlayers: [{ name: a, budget: much }]",
    'recipe.yaml:2:16: budget.iso: "700MB" is not a number of bytes, such as 700M, 3G or 734003200',
    'recipe.yaml:3:29: layers[0].budget: "much" is not a number of bytes, such as 700M, 3G or 734003200',
  ],
  "a budget that nothing can keep": [
    "budget: { root: -1 }\nlayers: [{ name: a, budget: 0 }]",
    "recipe.yaml:2:17: budget.root: -1 is no number of bytes above 0",
    "recipe.yaml:3:29: layers[0].budget: 0 is no number of bytes above 0",
  ],
  "a level that the compression lacks": [
    "squashfs: { compression: xz, level: 9 }",
    "recipe.yaml:2:37: squashfs.level: xz has no levels",
  ],
  "a dictionary for a compression that lacks it, of a size that there is not, larger than the block": [
    "squashfs: { block: 64K, dictionary: 100000 }",
    "recipe.yaml:2:37: squashfs.dictionary: zstd has no dictionary to choose",
    "recipe.yaml:2:37: squashfs.dictionary: 100000 is neither a power of two nor one and a half of one, from 8192 (8K) on",
    "recipe.yaml:2:37: squashfs.dictionary: 100000 is more than the block, 65536",
  ],
  "a dictionary smaller than any that xz has": [
    "squashfs: { compression: xz, dictionary: 4096 }",
    "recipe.yaml:2:42: squashfs.dictionary: 4096 is neither a power of two nor one and a half of one, from 8192 (8K) on",
  ],
  "a dictionary whose text is none of the sizes": [
    "squashfs: { compression: xz, dictionary: 100K }",
    'recipe.yaml:2:42: squashfs.dictionary: "100K" is not 8K, 12K, 16K, 24K, 32K, 48K, 64K, 96K, 128K, 192K, 256K, 384K, 512K, 768K, 1M or that number of bytes',
  ],
  "a word that is not on the list": [
    "squashfs: { compression: zst }",
    'recipe.yaml:2:26: squashfs.compression: "zst" is not a compression of squashfs; known: zstd, xz, gzip, lz4, lzo; did you mean zstd?',
  ],
  "an unknown suite": [
    "suite: bookwrm",
    "recipe.yaml:2:8: suite: bookwrm is no suite of Debian's; known: bookworm, oldstable, trixie, stable, forky, testing, sid, unstable; others need an archive; did you mean bookworm?",
  ],
  "an architecture without known kernel and boot loader": [
    "architecture: riscv64",
    'recipe.yaml:2:15: architecture: "riscv64" is not an architecture whose kernel and boot loader are known; known: amd64',
  ],
  "a key that is said twice": [
    "user:\n  name: a\n  name: b\nname: other",
    "recipe.yaml:4:3: name is said twice; first in line 3",
    "recipe.yaml:5:1: name is said twice; first in line 1",
  ],
  "keys that mean something to JavaScript": [
    "__proto__: { polluted: 1 }\nconstructor: 1\nuser: { __proto__: 1 }",
    "recipe.yaml:2:1: __proto__ is not a key of a recipe; docs/recipe.md tells them all",
    "recipe.yaml:3:1: constructor is not a key of a recipe; docs/recipe.md tells them all",
    "recipe.yaml:4:9: user.__proto__ is not a key of a recipe; known here: name, fullname, password, password-hash, sudo, groups",
  ],
  "paths that lead out of the recipe's folder": [
    "layers:\n  - name: a\n    files: ../other\n    hooks: [/etc/passwd, hooks/../../x, ~/x]\nmenu: { theme: ../x/ }",
    'recipe.yaml:4:12: layers[0].files: "../other" is not a path inside the recipe\'s folder: relative, without ..',
    'recipe.yaml:5:13: layers[0].hooks[0]: "/etc/passwd" is not a path inside the recipe\'s folder: relative, without ..',
    'recipe.yaml:5:26: layers[0].hooks[1]: "hooks/../../x" is not a path inside the recipe\'s folder: relative, without ..',
    'recipe.yaml:5:41: layers[0].hooks[2]: "~/x" is not a path inside the recipe\'s folder: relative, without ..',
    'recipe.yaml:6:16: menu.theme: "../x/" is not a shipped theme\'s name, or a folder beside the recipe written with a slash, as in themes/mine',
  ],
  "files that are not there, counted as they were written": [
    "layers: [{ name: a, files: overlay, hooks: [/abs, hooks/none] }]\ninstaller: { kind: debian-installer, preseed: p.cfg }",
    "recipe.yaml:2:28: layers[0].files: overlay does not exist in /desk",
    'recipe.yaml:2:45: layers[0].hooks[0]: "/abs" is not a path inside the recipe\'s folder: relative, without ..',
    "recipe.yaml:2:51: layers[0].hooks[1]: hooks/none does not exist in /desk",
    "recipe.yaml:3:47: installer.preseed: p.cfg does not exist in /desk",
  ],
  "an unknown theme": [
    "menu: { theme: clam }",
    "recipe.yaml:2:16: menu.theme: there is no theme clam; known: calm, contrast; did you mean calm?",
  ],
  "layers of one name, and of a name that is taken": [
    "layers:\n  - name: a\n  - name: a\n  - name: settings",
    "recipe.yaml:4:11: layers[1].name: there is a layer a already, in recipe.yaml:3",
    "recipe.yaml:5:11: layers[2].name: settings is a layer that every build has; choose another name",
  ],
  "package names that are none": [
    "layers: [{ name: a, packages: [htop=, Htop, ''], tasks: [htop] }]",
    'recipe.yaml:2:32: layers[0].packages[0]: "htop=" is not a package name, as in htop, htop=3.2.2-2 or htop/bookworm-backports',
    'recipe.yaml:2:39: layers[0].packages[1]: "Htop" is not a package name, as in htop, htop=3.2.2-2 or htop/bookworm-backports',
    'recipe.yaml:2:45: layers[0].packages[2]: "" is not a package name, as in htop, htop=3.2.2-2 or htop/bookworm-backports',
    'recipe.yaml:2:58: layers[0].tasks[0]: "htop" is not a task; tasks are packages named task-…',
  ],
  "texts that could harm who reads them": [
    'menu: { title: "a\\nb" }\nhostname: "a;b"\nvolume: "a`b"\nuser: { name: "a:b", fullname: "a:b" }',
    'recipe.yaml:2:16: menu.title: "a\\nb" is not a line of at most 60 printable ASCII characters, for the BIOS menu has no others',
    'recipe.yaml:3:11: hostname: "a;b" is not a host name: a-z, 0-9 and inner hyphens, at most 63 characters',
    'recipe.yaml:4:9: volume: "a`b" is not a volume id: at most 32 characters of A-Z, 0-9 and _',
    'recipe.yaml:5:15: user.name: "a:b" is not a user name of a-z, 0-9, _ and -, at most 31 characters',
    'recipe.yaml:5:32: user.fullname: "a:b" is not a full name, without : , = " \\ and line ends',
  ],
  "kernel arguments that a boot loader would take apart": [
    "kernel:\n  arguments: [a b, $x, a;reboot]",
    `recipe.yaml:3:15: kernel.arguments[0]: "a b" ${kernelArgument}`,
    `recipe.yaml:3:20: kernel.arguments[1]: "$x" ${kernelArgument}`,
    `recipe.yaml:3:24: kernel.arguments[2]: "a;reboot" ${kernelArgument}`,
  ],
  "a password that cannot be typed, without repeating it": [
    "user: { password: Pässwort }",
    "recipe.yaml:2:19: user.password: what is written here is not a password of printable ASCII characters",
  ],
  "an account of the system's own": [
    "user: { name: root }",
    "recipe.yaml:2:15: user.name: root is an account of the system's own",
  ],
  "a password beside its hash, and a root who could never log in": [
    "user: { password: a, password-hash: $6$abcdefghijklmnopqrstuvwx }\nroot: { locked: false }",
    "recipe.yaml:2:37: user.password-hash: there is a password as well; say one of the two",
    "recipe.yaml:3:17: root.locked: is false, but root has neither password nor password-hash",
  ],
  "a password of a locked root": [
    "root: { locked: true, password: x }",
    "recipe.yaml:2:17: root.locked: is true although root has a password",
  ],
  "a time zone that is nearly one": [
    "timezone: Europe/Berln",
    "recipe.yaml:2:11: timezone: Europe/Berln is not known; did you mean Europe/Berlin?",
  ],
  "an archive without address and key": [
    "suite: daedalus\narchive: { suite: daedalus }",
    "recipe.yaml:2:8: suite: daedalus is no suite of Debian's; known: bookworm, oldstable, trixie, stable, forky, testing, sid, unstable; others need an archive",
    "recipe.yaml:3:10: archive lacks url",
    "recipe.yaml:3:10: archive lacks keyring",
  ],
  "menu entries and languages that are there already": [
    "menu:\n  entries: [{ name: live, title: a }, { name: b, title: b }, { name: b, title: c }]\n  languages: [{ title: D, locale: de_DE.UTF-8, layout: de }, { title: D, locale: de_DE.UTF-8, layout: de }]",
    "recipe.yaml:3:21: menu.entries[0].name: live is an entry of the program's own",
    "recipe.yaml:3:70: menu.entries[2].name: there is an entry b already",
    "recipe.yaml:4:82: menu.languages[1].locale: de_DE.UTF-8 is offered already",
  ],
  "media of which there is no such kind, two of one kind": [
    "media: [{ kind: netbot }, { kind: iso }, { kind: iso }, { knd: iso }]",
    'recipe.yaml:2:17: media[0].kind: "netbot" is not a kind of medium; known: iso, netboot; did you mean netboot?',
    "recipe.yaml:2:50: media[2].kind: there is a medium of the kind iso already",
    "recipe.yaml:2:57: media[3] lacks kind",
    "recipe.yaml:2:59: media[3].knd is not a key of a recipe; did you mean kind?",
  ],
  "no medium at all": ["media: []", "recipe.yaml:2:8: media has fewer items than 1"],
  "a number that begins with a zero": [
    "menu: { timeout: 010 }",
    "recipe.yaml:2:18: 010 begins with a zero; is it a number, or text that wants quotes?",
  ],
  "a tab that indents": ["user:\n\tname: x", "recipe.yaml:3:1: a tab indents this line; YAML wants blanks"],
  "a line that is indented wrong": [
    "menu:\n  title: a\n timeout: 3",
    "recipe.yaml:4:1: the indentation fits nothing above",
  ],
  "an extended recipe that does not exist": [
    "extends: ful",
    'recipe.yaml:2:10: extends: "ful" is neither a recipe that ships (full, plain) nor a file; did you mean full?',
  ],
  "an absolute path to the extended recipe": [
    "extends: /etc/passwd",
    'recipe.yaml:2:10: extends: "/etc/passwd" is not the name of a shipped recipe, or a recipe file beside this one',
  ],
};

for (const [what, [rest, ...faults]] of Object.entries(cases))
  test(`a recipe with ${what} is refused`, () => {
    expect(faultsOf(`name: demo\n${rest}\n`)).toEqual(faults);
  });

test("a recipe without a name is refused", () => {
  expect(faultsOf("suite: sid\n")).toEqual(["recipe.yaml:1:1: the recipe lacks name"]);
});

test("all faults are told at once, of the form and of the sense, of the files and of the settings", () => {
  const text = "name: demo\nsuite: sarge\nhostnme: x\nlayers: [{ name: base, hooks: [h] }]\n";
  expect(faultsOf(text, { sets: ["menu.timeout=soon"] })).toEqual([
    '--set #1:1:14: menu.timeout: "soon" is not a whole number from 0 to 3600',
    "recipe.yaml:2:8: suite: sarge is no suite of Debian's; known: bookworm, oldstable, trixie, stable, forky, testing, sid, unstable; others need an archive",
    "recipe.yaml:3:1: hostnme is not a key of a recipe; did you mean hostname?",
    "recipe.yaml:4:18: layers[0].name: base is a layer that every build has; choose another name",
    "recipe.yaml:4:32: layers[0].hooks[0]: h does not exist in /desk",
  ]);
});

test("a hook that is not executable is refused with the command that makes it so", () => {
  const text = "name: demo\nlayers: [{ name: a, hooks: [hooks/a, hooks] }]\nmedium-hooks: [hooks/b]\n";
  expect(faultsOf(text, { files: { "/desk/hooks/a": "echo", "/desk/hooks/b": "#!/bin/sh" } })).toEqual([
    "recipe.yaml:2:29: layers[0].hooks[0]: hooks/a is not executable; chmod +x /desk/hooks/a",
    "recipe.yaml:2:38: layers[0].hooks[1]: hooks is not a file",
  ]);
});

test("a part that is at fault itself hides nothing of what is beside it", () => {
  expect(faultsOf("name: demo\nlayers: [{ name: A, hooks: [h] }, { name: B }, { hooks: [i] }]\n")).toEqual([
    'recipe.yaml:2:18: layers[0].name: "A" is not a short name of a-z, 0-9 and hyphens',
    "recipe.yaml:2:29: layers[0].hooks[0]: h does not exist in /desk",
    'recipe.yaml:2:43: layers[1].name: "B" is not a short name of a-z, 0-9 and hyphens',
    "recipe.yaml:2:48: layers[2] lacks name",
  ]);
});
