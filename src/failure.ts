/** Exit statuses by meaning. They are part of the interface: scripts branch on them. */
export const statuses = {
  "step-failed": 1,
  "recipe-invalid": 2,
  usage: 2,
  "host-unready": 3,
  refused: 4,
  "verification-failed": 5,
  "boot-failed": 6,
  busy: 7,
  "no-space": 8,
  bug: 70,
  transient: 75,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type FailureCode = keyof typeof statuses;

/** A failure the user can act on: what happened, why (`cause`), and what to do next (`remedy`). */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly remedy: string | undefined;

  constructor(code: FailureCode, message: string, more: { remedy?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.remedy = more.remedy;
  }
}
