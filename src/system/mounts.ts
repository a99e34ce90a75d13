import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Mount points at a path and below it, as this process sees them (proc(5), /proc/PID/mountinfo). A link is not followed. */
export async function mountsAt(path: string): Promise<readonly string[]> {
  const real = join(await realpath(dirname(path)), basename(path));
  const points = (await readFile("/proc/self/mountinfo", "utf8")).split("\n").flatMap((line) => {
    const point = line.split(" ")[4];
    return point === undefined ? [] : [unescaped(point)];
  });
  return points.filter((point) => point === real || point.startsWith(`${real}/`));
}

/** Blanks, tabs, line ends and backslashes are written as three octal digits each. */
const unescaped = (point: string): string =>
  point.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
