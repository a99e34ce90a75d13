import { Failure } from "../failure.ts";
import type { BuildOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const build = (..._: readonly [string, BuildOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright build is not built yet"));
