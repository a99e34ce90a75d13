import { Failure } from "../failure.ts";
import { brokenOff, type Fault } from "./draw.ts";

/** The program that draw.ts starts: it takes a theme's folder and a tree to write to, and tells a fault as JSON. */
const [theme = "", tree = ""] = process.argv.slice(2);
try {
  const { paint } = await import("./paint.ts");
  await paint({ theme, tree, signal: new AbortController().signal });
} catch (error) {
  const { message, code, path, syscall, remedy } = error as Fault;
  const fault: Fault = { failure: error instanceof Failure, message, code, path, syscall, remedy };
  process.stdout.write(JSON.stringify(fault));
  process.exitCode = brokenOff;
}
