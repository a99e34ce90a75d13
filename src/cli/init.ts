import { Failure } from "../failure.ts";
import type { InitOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const init = (..._: readonly [string, InitOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright init is not built yet"));
