import { judgeFit, judgeReleases } from "../archive/fit.ts";
import { Failure } from "../failure.ts";
import type { ArchiveFacts, ReleaseFacts } from "../plan/facts.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { codenameOf } from "../recipe/suites.ts";
import type { ConfiguredRelease } from "../tools/apt.ts";
import { HostApt } from "./apt.ts";
import { locateSource, type Roots } from "./digest.ts";
import { debianKeyring, keyring, type Keyring } from "./keyring.ts";
import { mainCandidates, releasesOf, securityCandidates } from "./mirrors.ts";
import { Memory } from "../system/memory.ts";
import { together } from "../system/together.ts";
import { judgeRelease, parseRelease, type Release } from "./release.ts";
import { signedRelease } from "./signed.ts";
import type { StateWish } from "./state.ts";

export interface ArchiveWish extends StateWish {
  readonly recipe: Recipe;
  readonly roots: Roots;
  /** Used instead of the recipe's build mirror. */
  readonly mirror?: string | undefined;
  readonly warn: (text: string) => void;
  /** Given by those who have asked it already. */
  readonly apt?: HostApt;
}

/** Ask every archive that the recipe builds from for its present state, or take the locked one; believe only what is signed. */
export async function surveyArchive(asked: ArchiveWish): Promise<ArchiveFacts> {
  const wish = { ...asked, apt: asked.apt ?? new HostApt(asked.signal) };
  if (wish.lock !== undefined) judgeFit(wish.lock, wish.recipe);
  const repositories = Promise.all(wish.recipe.repositories.map((repository) => ownRepository(repository, wish)));
  repositories.catch(() => undefined); // Told below, unless the archive itself has a fault to tell first.
  const [main, ...others] = await (wish.recipe.archive === undefined
    ? debian(wish)
    : derivative(wish, wish.recipe.archive));
  const releases = [main, ...others].map(({ facts }) => facts);
  const { codename = wish.recipe.suite, version } = main.release;
  const all = [...releases, ...(await repositories)];
  if (wish.lock !== undefined) judgeReleases(wish.lock, all);
  const number = version === undefined ? undefined : /^\d+/.exec(version)?.[0];
  return {
    codename,
    ...(number === undefined ? {} : { release: number }),
    releases: all,
    epoch: Math.max(...all.map(({ date }) => date)),
  };
}

type Asking = ArchiveWish & { readonly apt: HostApt };

interface Read {
  readonly release: Release;
  readonly facts: ReleaseFacts;
}

async function debian(wish: Asking): Promise<readonly [Read, ...Read[]]> {
  const { recipe } = wish;
  const asked = wish.mirror ?? (recipe.mirrors.build === "auto" ? undefined : recipe.mirrors.build);
  const configured = await releasesOf(wish.apt, { signal: wish.signal, memory: new Memory(wish.cache) });
  const components = [...new Set([...recipe.components, ...(recipe.firmware ? ["non-free-firmware"] : [])])];
  const keys = await keyring(debianKeyring, wish.cache);
  const entry = { keyring: keys, components, checkValidUntil: recipe.checkValidUntil };
  const besides = async (codename: string, url: string): Promise<readonly Read[]> => {
    // Unstable gets its fixes directly; it has neither of these suites.
    if (codename === "sid" || codename === "experimental") return [];
    return await Promise.all([
      read({ ...entry, role: "updates", url, suite: `${codename}-updates` }, wish),
      firstThatServes(
        (url) => read({ ...entry, role: "security", url, suite: `${codename}-security` }, wish),
        securityAddresses(configured, recipe.mirrors.security),
      ),
    ]);
  };
  const urls = asked === undefined ? mainCandidates(configured, recipe.suite) : [asked];
  // All three are asked at once, for the archive seldom says something else than what was expected.
  const expected = { codename: codenameOf(recipe.suite) ?? recipe.suite, url: plain(urls[0] ?? "") };
  const early = urls.length === 0 ? [] : besides(expected.codename, expected.url);
  const [main] = await together([
    firstThatServes((url) => read({ ...entry, role: "main", url, suite: recipe.suite }, wish), urls),
    Promise.allSettled([early]), // Told below, unless the archive itself has a fault to tell first.
  ]);
  const { url } = main.facts;
  const codename = main.release.codename ?? recipe.suite;
  const asExpected = codename === expected.codename && url === expected.url;
  const others = await (asExpected ? early : besides(codename, url));
  return [{ ...main, facts: { ...main.facts, suite: codename } }, ...others];
}

/** An address without what need not stand at its end. */
const plain = (url: string): string => url.replace(/\/+$/, "");

/** The host knows a near copy; without one, the address that the image itself will use. */
function securityAddresses(configured: readonly ConfiguredRelease[], named: string): readonly string[] {
  const known = securityCandidates(configured);
  return known.length > 0 || named === "auto" ? known : [named];
}

async function derivative(wish: Asking, archive: NonNullable<Recipe["archive"]>): Promise<readonly [Read]> {
  const { url, suite } = archive;
  const keys = await keyring(locateSource(archive.keyring, wish.roots), wish.cache);
  const { components, checkValidUntil } = wish.recipe;
  return [
    await read({ role: "main", url: wish.mirror ?? url, suite, components, keyring: keys, checkValidUntil }, wish),
  ];
}

async function ownRepository(repository: Recipe["repositories"][number], wish: Asking): Promise<ReleaseFacts> {
  const { name: role, url, suite, components } = repository;
  const keys = await keyring(locateSource(repository.key, wish.roots), wish.cache);
  return (await read({ role, url, suite, components, keyring: keys, checkValidUntil: true }, wish)).facts;
}

interface Entry {
  readonly role: string;
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly keyring: Keyring;
  readonly checkValidUntil: boolean;
}

async function read(entry: Entry, wish: Asking): Promise<Read> {
  const { recipe, lock, warn } = wish;
  const url = plain(entry.url);
  const { text, digest } = await signedRelease({ ...entry, url }, wish);
  const address = `${url} ${entry.suite}`;
  const release = parseRelease(text, address);
  const { architecture } = recipe;
  // A locked state is meant to be an old one.
  const checkValidUntil = entry.checkValidUntil && lock === undefined;
  const warnings = judgeRelease(release, { ...entry, checkValidUntil, url: address, architecture }, Date.now());
  if (lock === undefined) for (const warning of warnings) warn(warning);
  const { role, suite, components, keyring: keys } = entry;
  return {
    release,
    facts: { role, url, suite, components, digest, keyring: keys.path, date: Math.floor(release.date / 1000) },
  };
}

/**
 * Other archives name their suites after Debian's too, so an address counts only if the right keys signed what it serves.
 * When none does, the first one's fault is the one to tell: it is the likeliest address.
 */
async function firstThatServes(attempt: (url: string) => Promise<Read>, urls: readonly string[]): Promise<Read> {
  const faults: Failure[] = [];
  for (const url of urls) {
    try {
      return await attempt(url);
    } catch (error) {
      if (
        !(error instanceof Failure) ||
        !["recipe-invalid", "verification-failed", "host-unready"].includes(error.code)
      )
        throw error;
      faults.push(error);
    }
  }
  throw (
    faults[0] ??
    new Failure("host-unready", "This host's apt names no archive to build from", {
      remedy:
        "livewright build --mirror http://httpredir.debian.org/debian, or set mirrors.build and mirrors.security in the recipe",
    })
  );
}
