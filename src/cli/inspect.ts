import { Failure } from "../failure.ts";
import type { InspectOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const inspect = (..._: readonly [string, InspectOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright inspect is not built yet"));
