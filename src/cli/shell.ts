import { Failure } from "../failure.ts";
import type { ShellOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const shell = (..._: readonly [string, ShellOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright shell is not built yet"));
