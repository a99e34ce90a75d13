import { readFileSync } from "node:fs";
import { Failure } from "../failure.ts";
import type { MediumRecord } from "../medium.ts";
import type { Login } from "../machine/login.ts";
import { readRecipe } from "./recipe-source.ts";

export interface LoginWish {
  readonly loginFd?: number;
  readonly recipe?: string;
}

/** Whom to log in as: what an open descriptor says, or the recipe that is named, or the shipped one that made the medium. */
export async function loginFor(wish: LoginWish, record: MediumRecord | undefined): Promise<Login> {
  if (wish.loginFd !== undefined) return fromDescriptor(wish.loginFd);
  if (wish.recipe !== undefined) return fromRecipe(wish.recipe);
  if (record?.recipe.shipped === true) return fromRecipe(record.recipe.name);
  throw new Failure(
    "usage",
    `nothing says how to log in${record === undefined ? " to an image without a record" : ""}`,
    {
      remedy: "name its recipe with --recipe, or give name:password on a descriptor: --login-fd 3 3<credentials",
    },
  );
}

function fromDescriptor(descriptor: number): Login {
  const [, user, password] = /^([^:\n]+):([^\n]*)/.exec(read(descriptor)) ?? [];
  if (user === undefined || password === undefined)
    throw new Failure("usage", `descriptor ${String(descriptor)} does not begin with a line like name:password`);
  return { user, password, secret: true };
}

function read(descriptor: number): string {
  try {
    return readFileSync(descriptor, "utf8");
  } catch (cause) {
    throw new Failure("usage", `descriptor ${String(descriptor)} cannot be read: ${(cause as Error).message}`, {
      remedy: "open it for the command: livewright test ISO --login-fd 3 3<credentials",
      cause,
    });
  }
}

async function fromRecipe(name: string): Promise<Login> {
  const { recipe, shipped } = await readRecipe(name, []);
  const { secret, name: user } = recipe.user;
  if (secret.kind === "password") return { user, password: secret.text, secret: !shipped };
  throw new Failure("usage", `the recipe ${name} has only the hash of its user's password`, {
    remedy: "give name:password on a descriptor: --login-fd 3 3<credentials",
  });
}
