import type { Checking } from "./checking.ts";
import { didYouMean } from "./suggest.ts";
import { codenameOf, suiteNames } from "./suites.ts";
import type { Way } from "./tree.ts";

/** A suite is one of Debian's, unless another archive is named that has it. */
export function suite({ wish, fault }: Checking): void {
  if (codenameOf(wish.suite) !== undefined) return;
  const named = wish.archive?.url !== undefined && (wish.archive.suite ?? wish.suite) === wish.suite;
  if (!named)
    fault(
      ["suite"],
      `${wish.suite} is no suite of Debian's; known: ${suiteNames.join(", ")}; others need an archive${didYouMean(wish.suite, suiteNames)}`,
    );
}

/** Which packages carry firmware is known of Debian's suites only. */
export function firmware({ wish, fault }: Checking): void {
  if (wish.firmware && wish.archive?.url !== undefined && codenameOf(wish.suite) === undefined)
    fault(
      ["firmware"],
      `which packages carry it is only known for ${suiteNames.join(", ")}; say false and name them in a layer`,
    );
}

/** Further repositories have names of their own. */
export function repositories({ wish, fault }: Checking): void {
  const names = wish.repositories.map(({ name }) => name);
  names.forEach((name, at) => {
    const way = ["repositories", at, "name"];
    if (["main", "updates", "security"].includes(name))
      fault(way, `${name} is one of Debian's own; choose another name`);
    if (names.indexOf(name) !== at) fault(way, `there is a repository ${name} already`);
  });
}

/** What is in an address is printed, published and seen in the list of processes. */
export function addresses({ wish, fault }: Checking): void {
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

/** An archive that may be older than it says is told of. */
export function trust({ wish, warn }: Checking): void {
  if (wish.archive?.["check-valid-until"] === false)
    warn(["archive", "check-valid-until"], "an expired state of the archive is accepted: it may lack security updates");
}
