import { Failure } from "../failure.ts";
import type { RecipesOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const recipes = (..._: readonly [RecipesOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright recipes is not built yet"));
