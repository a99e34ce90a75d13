import type { Event } from "../events.ts";

/** An event as one line for people, or nothing if it deserves none. */
export function lineFor(event: Event): string | undefined {
  switch (event.kind) {
    case "plan":
      return `${String(event.stages)} stages, ${event.stale === 0 ? "all of them reused" : `${String(event.stale)} to be made`}`;
    case "stage-reused":
      return `${place(event)} ${event.stage}: reused`;
    case "stage-started":
      return `${place(event)} ${event.stage}`;
    case "stage-finished":
      return `${place(event)} ${event.stage}: done in ${duration(event.seconds)}`;
    case "stage-failed":
      return `${event.stage}: failed after ${duration(event.seconds)}`;
    case "stage-dropped":
      return `${event.stage}: begun early in vain, and made again when all layers are there`;
    case "note":
      return clean(event.text);
    case "request":
      return clean(`${event.client} ${event.by} ${event.what}: ${event.outcome}`);
    case "warning":
      return `warning: ${clean(event.text)}`;
    case "artefact":
      return `${event.path} (${size(event.bytes)})`;
    case "terminal-lent":
    case "serving":
    case "progress":
    case "line":
      return undefined;
  }
}

/** "[ 3/12]", so that names line up. */
export const place = ({ at, of }: { readonly at: number; readonly of: number }): string =>
  `[${String(at).padStart(String(of).length)}/${String(of)}]`;

export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60
    ? `${String(whole)} s`
    : `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Decimal units, as `ls --si` and disk makers count. */
export function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${units[power] ?? ""}`;
}

/** A word as a shell reads it, with quotes only where they are needed. */
export const pasted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Tools' words may hold escape sequences and other control characters; a terminal would obey them. */
export const clean = (text: string): string =>
  text
    .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]/g, "")
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ")
    .trimEnd();
