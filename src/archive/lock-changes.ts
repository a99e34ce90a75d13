import { day, type Lock } from "./lock.ts";

/** What a new lock changes, in words: archives first, then packages by name. */
export function changes(before: Lock | undefined, after: Lock): readonly string[] {
  const dated = after.releases.flatMap(({ role, suite, date, digest }) => {
    const was = before?.releases.find((each) => each.role === role);
    if (was?.digest === digest) return [];
    return [`${role} ${suite}: ${was === undefined ? "" : `${day(was.date)} → `}${day(date)}`];
  });
  const [old, now] = [before, after].map(versions) as [Versions, Versions];
  const moved = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === is) return [];
    if (was === undefined) return [`added ${name} ${is ?? ""}`];
    return [is === undefined ? `removed ${name} ${was}` : `changed ${name} ${was} → ${is}`];
  });
  return [...dated, ...moved];
}

type Versions = ReadonlyMap<string, string>;

const versions = (lock: Lock | undefined): Versions =>
  new Map((lock?.packages ?? []).map(({ name, architecture, version }) => [`${name}:${architecture}`, version]));
