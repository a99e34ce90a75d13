import type { Checking } from "./checking.ts";
import { addresses, firmware, repositories, suite, trust } from "./checks-archive.ts";
import { budgets, chain, squashfs } from "./checks-modules.ts";
import type { Wish } from "./keys.ts";
import { framed } from "./modules.ts";
import { entryFamilies } from "./recipe.ts";
import { suggestion } from "./suggest.ts";
import { nearest, spell, type Node, type Spot, type Tell, type Way } from "./tree.ts";

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

const reserved = framed([]);

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
