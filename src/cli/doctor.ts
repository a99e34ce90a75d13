import { Failure } from "../failure.ts";
import type { DoctorOptions } from "./options.ts";
import type { Session } from "./session.ts";

export const doctor = (..._: readonly [DoctorOptions, Session]): Promise<void> =>
  Promise.reject(new Failure("bug", "livewright doctor is not built yet"));
