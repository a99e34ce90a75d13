import { isRoot } from "../system/host.ts";
import { depute } from "../system/lend.ts";
import { ownNetwork } from "../tools/unshare.ts";
import { deputyMark } from "./deputy.ts";
import { again } from "./owners.ts";
import type { Session } from "./session.ts";
import { within, type Talking, type World } from "./within.ts";

/** What the deputy's mark says of one in a network of its own. */
const mark = "network";

/**
 * Act in a network namespace of our own, where nothing of this machine's network is to be seen. The program starts again there
 * as its own deputy; an ordinary user is root in it.
 */
export async function inOwnNetwork(
  world: World,
  given: Talking & { readonly loginFd?: number },
  act: (session: Session) => Promise<void>,
): Promise<void> {
  if (world.env[deputyMark] === mark) return within(world, given, act);
  world.end(await depute({ ...again(ownNetwork(isRoot()), mark), signal: world.signal, descriptor: given.loginFd }));
}
