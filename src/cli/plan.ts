import { Failure } from "../failure.ts";
import type { PlanOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const plan = (..._: readonly [string, PlanOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright plan is not built yet"));
