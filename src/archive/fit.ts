import { Failure } from "../failure.ts";
import type { ReleaseFacts } from "../plan/facts.ts";
import type { ArchiveFile } from "./indices.ts";
import { called, type Lock, type LockedRelease } from "./lock.ts";
import type { WantedPackage } from "./wanted.ts";

/** Refuse a lock that was made for another recipe than this one has become. */
export function judgeFit(lock: Lock, asked: { readonly suite: string; readonly architecture: string }): void {
  const faults = (["suite", "architecture"] as const).flatMap((name) =>
    lock[name] === asked[name] ? [] : [`${name} is ${asked[name]}, and was ${lock[name]} when it was locked`],
  );
  if (faults.length > 0) throw misfit(lock, faults);
}

/** The same, for the archives that the recipe turned out to read. */
export function judgeReleases(lock: Lock, releases: readonly ReleaseFacts[]): void {
  const spell = ({ suite, components }: Pick<LockedRelease, "suite" | "components">): string =>
    `${suite} ${components.join(" ")}`;
  const roles = [...new Set([...lock.releases, ...releases].map(({ role }) => role))];
  const faults = roles.flatMap((role) => {
    const [was, is] = [lock.releases, releases].map((all) => all.find((each) => each.role === role));
    if (was === undefined) return [`the archive ${role} is not in the lock`];
    if (is === undefined) return [`the lock has an archive ${role}, which the recipe does not name`];
    return spell(was) === spell(is) ? [] : [`${role} is ${spell(is)}, and was ${spell(was)} when it was locked`];
  });
  if (faults.length > 0) throw misfit(lock, faults);
}

const misfit = (lock: Lock, faults: readonly string[]): Failure =>
  new Failure("recipe-invalid", [`${called(lock)} does not fit the recipe:`, ...faults].join("\n  "), {
    remedy: lock.recorded === undefined ? "livewright lock --update" : "name the recipe that was built",
  });

/** A lock may name no other index than the signed Release files do. */
export function judgeIndices(lock: Lock | undefined, signed: readonly ArchiveFile[]): void {
  if (lock === undefined) return;
  const faults = lock.indices.flatMap(({ role, path, sha256 }) => {
    const named = signed.find((each) => each.role === role && each.path === path);
    return named?.sha256 === sha256 ? [] : [`${role} ${path}`];
  });
  if (faults.length > 0) throw forged(lock, "the signed Release file", faults);
}

/** Nor another package than the signed indices do. Returns what to warn of: what the lock does not name yet. */
export function judgePackages(lock: Lock | undefined, wanted: readonly WantedPackage[]): readonly string[] {
  if (lock === undefined) return [];
  const locked = new Map(lock.packages.map((each) => [`${each.role}/${each.path}`, each.sha256]));
  const known = wanted.map((each) => ({ ...each, was: locked.get(`${each.role}/${each.path}`) }));
  const faults = known.filter(({ was, sha256 }) => was !== undefined && was !== sha256);
  if (faults.length > 0)
    throw forged(
      lock,
      "the archive's signed index",
      faults.map(({ file }) => file),
    );
  const fresh = known.filter(({ was }) => was === undefined).map(({ name }) => name);
  if (fresh.length === 0) return [];
  const text = `${called(lock)} does not name ${fresh.join(", ")}`;
  return [lock.recorded === undefined ? `${text} yet, taken from the locked state: livewright lock adds them` : text];
}

const forged = (lock: Lock, by: string, what: readonly string[]): Failure =>
  new Failure("verification-failed", [`${called(lock)} names a digest that ${by} does not:`, ...what].join("\n  "), {
    remedy:
      lock.recorded === undefined
        ? "take recipe.lock from version control, or livewright lock --update"
        : "take the file again from where the ISO is published",
  });
