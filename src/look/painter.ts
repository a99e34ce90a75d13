import { paint } from "./paint.ts";

/**
 * Draws in a process of its own, which takes a theme's folder and a tree to write to: what sharp and its threads hold would make
 * every program that the build starts later a slower start, and whoever reads and writes meanwhile wait for a thread.
 */
const [theme = "", tree = ""] = process.argv.slice(2);
await paint({ theme, tree, signal: new AbortController().signal });
