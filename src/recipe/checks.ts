import { hasDictionary, isDictionary, levels } from "./compression.ts";
import { bytesOf } from "./decode.ts";
import type { Wish } from "./keys.ts";
import { framed, longestLower, lowerOption, moduleFiles } from "./modules.ts";
import { entryFamilies } from "./recipe.ts";
import { didYouMean, suggestion } from "./suggest.ts";
import { codenameOf, suiteNames } from "./suites.ts";
import { nearest, spell, type Node, type Spot, type Tell, type Way } from "./tree.ts";

/** What a check is given: the wish, where each part of it was written, and ways to complain. */
interface Checking {
  readonly wish: Wish;
  readonly tree: Node;
  /** Tell a fault of the part at the end of the way. */
  readonly fault: (way: Way, message: string) => void;
  readonly warn: (way: Way, message: string) => void;
}

/** What no schema can say: parts that must fit each other, the files named, and what is better said aloud. */
export function check(wish: Wish, tree: Node, to: { readonly tell: Tell; readonly warn: Tell }): void {
  const spot = (way: Way): Spot => nearest(tree, way).spot;
  const checking: Checking = {
    wish,
    tree,
    fault: (way, message) => {
      to.tell(spot(way), `${spell(tree, way)}: ${message}`);
    },
    warn: (way, message) => {
      to.warn(spot(way), `${spell(tree, way)}: ${message}`);
    },
  };
  for (const each of [
    suite,
    firmware,
    layers,
    chain,
    accounts,
    timezone,
    squashfs,
    budgets,
    menu,
    media,
    repositories,
    addresses,
    trust,
  ])
    each(checking);
}

function suite({ wish, fault }: Checking): void {
  if (codenameOf(wish.suite) !== undefined) return;
  const named = wish.archive?.url !== undefined && (wish.archive.suite ?? wish.suite) === wish.suite;
  if (!named)
    fault(
      ["suite"],
      `${wish.suite} is no suite of Debian's; known: ${suiteNames.join(", ")}; others need an archive${didYouMean(wish.suite, suiteNames)}`,
    );
}

function firmware({ wish, fault }: Checking): void {
  if (wish.firmware && wish.archive?.url !== undefined && codenameOf(wish.suite) === undefined)
    fault(
      ["firmware"],
      `which packages carry it is only known for ${suiteNames.join(", ")}; say false and name them in a layer`,
    );
}

const reserved = framed([]);

/** As live-boot stacks the modules, all of them are named in one mount option. */
function chain({ wish, fault }: Checking): void {
  if (wish.squashfs.modules === "single") return;
  const files = moduleFiles(framed(wish.layers.map(({ name }) => name)));
  const { length } = lowerOption(files);
  if (length > longestLower)
    fault(
      ["layers"],
      `${String(files.length)} modules with these names take ${String(length)} bytes of a mount option that can have ${String(longestLower)}; shorten the names, join layers, or say squashfs.modules: single`,
    );
}

function layers({ wish, tree, fault, warn }: Checking): void {
  wish.layers.forEach(({ name, network }, at) => {
    const way = ["layers", at, "name"];
    const first = wish.layers.findIndex((layer) => layer.name === name);
    const { file, line } = nearest(tree, ["layers", first, "name"]).spot;
    if (reserved.includes(name)) fault(way, `${name} is a layer that every build has; choose another name`);
    if (first !== at) fault(way, `there is a layer ${name} already, in ${file}:${String(line)}`);
    if (network)
      warn(["layers", at, "network"], "what this layer's hooks fetch is neither checked nor the same every time");
  });
}

/** Accounts that every Debian system has (base-passwd, systemd), as far as a person might choose them. */
const systemAccounts = [
  "root",
  "daemon",
  "bin",
  "sys",
  "sync",
  "games",
  "man",
  "lp",
  "mail",
  "news",
  "uucp",
  "proxy",
  "backup",
  "list",
  "irc",
  "nobody",
  "messagebus",
  "sshd",
];

function accounts({ wish, fault }: Checking): void {
  const { user, root } = wish;
  if (systemAccounts.includes(user.name)) fault(["user", "name"], `${user.name} is an account of the system's own`);
  for (const [key, account] of [["user", user] as const, ["root", root] as const])
    if (account.password !== undefined && account["password-hash"] !== undefined)
      fault([key, "password-hash"], "there is a password as well; say one of the two");
  const secret = root.password ?? root["password-hash"];
  if (root.locked === true && secret !== undefined) fault(["root", "locked"], "is true although root has a password");
  if (root.locked === false && secret === undefined)
    fault(["root", "locked"], "is false, but root has neither password nor password-hash");
}

function timezone({ wish, fault, warn }: Checking): void {
  if (wish.timezone === "Etc/UTC") return; // Known everywhere, and time zones take long to load.
  try {
    new Intl.DateTimeFormat("en", { timeZone: wish.timezone });
  } catch {
    const meant = suggestion(wish.timezone, [...Intl.supportedValuesOf("timeZone"), "Etc/UTC"]);
    if (meant !== undefined) fault(["timezone"], `${wish.timezone} is not known; did you mean ${meant}?`);
    else warn(["timezone"], `${wish.timezone} is not known here; it must be one of the suite's tzdata`);
  }
}

function squashfs({ wish: { squashfs }, fault }: Checking): void {
  const most = levels[squashfs.compression];
  if (squashfs.level !== undefined && squashfs.level > most)
    fault(
      ["squashfs", "level"],
      most === 0 ? `${squashfs.compression} has no levels` : `${squashfs.compression} has levels 1 to ${String(most)}`,
    );
  const block = bytesOf(squashfs.block);
  if (!Number.isInteger(Math.log2(block)) || block < 4096 || block > 1024 * 1024)
    fault(["squashfs", "block"], `${String(block)} is no power of two from 4096 to 1048576 (1M)`);
  if (squashfs.dictionary === undefined) return;
  const way = ["squashfs", "dictionary"];
  const dictionary = bytesOf(squashfs.dictionary);
  if (!hasDictionary(squashfs.compression)) fault(way, `${squashfs.compression} has no dictionary to choose`);
  if (!isDictionary(dictionary))
    fault(way, `${String(dictionary)} is neither a power of two nor one and a half of one, from 8192 (8K) on`);
  if (dictionary > block) fault(way, `${String(dictionary)} is more than the block, ${String(block)}`);
}

function budgets({ wish: { budget, layers }, fault }: Checking): void {
  const limits: readonly (readonly [Way, string | number | undefined])[] = [
    ...Object.entries(budget).map(([of, most]) => [["budget", of], most] as const),
    ...layers.map(({ budget: most }, at) => [["layers", at, "budget"], most] as const),
  ];
  for (const [way, most] of limits)
    if (most !== undefined && bytesOf(most) < 1) fault(way, `${String(most)} is no number of bytes above 0`);
}

function menu({ wish, fault }: Checking): void {
  const names = wish.menu.entries.map(({ name }) => name);
  names.forEach((name, at) => {
    const way = ["menu", "entries", at, "name"];
    if ((entryFamilies as readonly string[]).includes(name)) fault(way, `${name} is an entry of the program's own`);
    if (names.indexOf(name) !== at) fault(way, `there is an entry ${name} already`);
  });
  const locales = wish.menu.languages.map(({ locale }) => locale);
  locales.forEach((locale, at) => {
    if (locales.indexOf(locale) !== at) fault(["menu", "languages", at, "locale"], `${locale} is offered already`);
  });
}

function media({ wish, fault, warn }: Checking): void {
  const kinds = wish.media.map(({ kind }) => kind);
  kinds.forEach((kind, at) => {
    if (kinds.indexOf(kind) !== at) fault(["media", at, "kind"], `there is a medium of the kind ${kind} already`);
  });
  if (kinds.includes("iso")) return;
  if (wish.budget.iso !== undefined) warn(["budget", "iso"], "holds nothing to it, since media asks for no ISO");
  if (wish["medium-hooks"].length > 0) warn(["medium-hooks"], "are not run, since media asks for no ISO");
}

function repositories({ wish, fault }: Checking): void {
  const names = wish.repositories.map(({ name }) => name);
  names.forEach((name, at) => {
    const way = ["repositories", at, "name"];
    if (["main", "updates", "security"].includes(name))
      fault(way, `${name} is one of Debian's own; choose another name`);
    if (names.indexOf(name) !== at) fault(way, `there is a repository ${name} already`);
  });
}

/** What is in an address is printed, published and seen in the list of processes. */
function addresses({ wish, fault }: Checking): void {
  const named: readonly (readonly [Way, string])[] = [
    ...Object.entries(wish.mirrors).map(([key, url]) => [["mirrors", key], url] as const),
    ...(wish.archive?.url === undefined ? [] : [[["archive", "url"], wish.archive.url] as const]),
    ...wish.repositories.map(({ url }, at) => [["repositories", at, "url"], url] as const),
  ];
  for (const [way, url] of named) {
    if (url === "auto") continue;
    if (!URL.canParse(url)) fault(way, `${url} is not an address`);
    else if (new URL(url).username !== "")
      fault(
        way,
        "holds a name or password, which would be published with the image; apt takes them from /etc/apt/auth.conf.d",
      );
  }
}

function trust({ wish, warn }: Checking): void {
  if (wish.archive?.["check-valid-until"] === false)
    warn(["archive", "check-valid-until"], "an expired state of the archive is accepted: it may lack security updates");
}
