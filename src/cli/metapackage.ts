import { Failure } from "../failure.ts";
import type { MetapackageOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const metapackage = (..._: readonly [string, MetapackageOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright metapackage is not built yet"));
