import { Failure } from "../failure.ts";

/** What a verified Release file says of its archive (https://wiki.debian.org/DebianRepository/Format). */
export interface Release {
  readonly suite?: string;
  readonly codename?: string;
  readonly version?: string;
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly validUntil?: number;
}

export interface ReleaseWish {
  /** The address, for messages. */
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly architecture: string;
  readonly checkValidUntil: boolean;
}

/** Read the fields. `text` is what the signature covers, and nothing else. */
export function parseRelease(text: string, url: string): Release {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(text)?.[1]?.trim() || undefined;
  const words = (name: string): readonly string[] => field(name)?.split(/\s+/) ?? [];
  const time = (name: string): number | undefined => {
    const value = field(name);
    if (value === undefined) return undefined;
    const parsed = Date.parse(value);
    if (Number.isNaN(parsed)) throw new Failure("verification-failed", `${url}: its ${name} is no date: ${value}`);
    return parsed;
  };
  const date = time("Date");
  if (date === undefined)
    throw new Failure("verification-failed", `${url}: it has no Date, so its age cannot be judged`);
  const optional = {
    suite: field("Suite"),
    codename: field("Codename"),
    version: field("Version"),
    validUntil: time("Valid-Until"),
  };
  return {
    // Debian's security archive calls its components updates/main and so on; apt matches them by their last part too.
    components: words("Components").map((name) => name.replace(/^updates\//, "")),
    architectures: words("Architectures"),
    date,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Release>),
  };
}

/** apt's own allowance for clocks that differ (Acquire::Max-FutureTime). */
const futureAllowed = 10_000;

/** Throw if this is not the archive that was meant, or not its present state. Returns what to warn of. */
export function judgeRelease(release: Release, wish: ReleaseWish, now: number): readonly string[] {
  judgeIdentity(release, wish);
  judgeContent(release, wish);
  return judgeAge(release, wish, now);
}

function judgeIdentity({ suite, codename }: Release, wish: ReleaseWish): void {
  if ([suite, codename].includes(wish.suite) || wish.suite.endsWith("/")) return;
  const names = [codename, suite].filter((name) => name !== undefined).join(", ");
  throw new Failure(
    "verification-failed",
    `${wish.url} was asked for ${wish.suite} and calls itself ${names || "nothing"}`,
    {
      remedy: "name the suite as the archive does",
    },
  );
}

function judgeContent({ components, architectures }: Release, wish: ReleaseWish): void {
  if (!architectures.includes(wish.architecture))
    throw new Failure("recipe-invalid", `${wish.url} has no ${wish.architecture}; it has ${architectures.join(", ")}`);
  const missing = wish.components.filter((name) => !components.includes(name));
  if (missing.length > 0)
    throw new Failure(
      "recipe-invalid",
      `${wish.url} has no component ${missing.join(", ")}; it has ${components.join(", ")}`,
    );
}

function judgeAge({ date, validUntil }: Release, wish: ReleaseWish, now: number): readonly string[] {
  if (date > now + futureAllowed)
    throw new Failure(
      "host-unready",
      `${wish.url} is dated ${day(date)}, and this host's clock says ${day(now)}: it is not valid yet`,
      {
        remedy: "set the clock, for example with: timedatectl set-ntp true",
      },
    );
  if (validUntil === undefined || validUntil >= now) return [];
  const what = `${wish.url} expired on ${day(validUntil)} (this host's clock says ${day(now)})`;
  if (!wish.checkValidUntil)
    return [`${what}; the recipe says not to mind, so old packages with known holes may be used`];
  const why =
    "An archive that is no longer renewed may hide security updates: it is a frozen copy, or somebody replays an old one.";
  throw new Failure("refused", `${what}.\n${why}`, {
    remedy: 'use another mirror, or accept it in the recipe with "archive: {check-valid-until: false}"',
  });
}

const day = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
