import { readFileSync } from "node:fs";

/** How many files we may have open at once, ourselves (proc(5), RLIMIT_NOFILE); Node has raised it as far as it may. */
export function openFiles(): number {
  const [, most] = /^Max open files +(\d+)/mu.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return most === undefined ? Infinity : Number(most);
}
