import { Failure } from "../failure.ts";
import type { TestOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const test = (..._: readonly [string, TestOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright test is not built yet"));
