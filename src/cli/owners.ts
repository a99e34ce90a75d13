import { homedir } from "node:os";
import { requireNamespaces } from "../survey/doctor.ts";
import { isRoot } from "../system/host.ts";
import { depute } from "../system/lend.ts";
import { ownUsers } from "../tools/unshare.ts";
import { deputyMark } from "./deputy.ts";
import type { Session } from "./session.ts";
import { within, type Talking, type World } from "./within.ts";

/**
 * Act where the files of a root filesystem can have their owners. Root acts at once; for an ordinary user the program starts
 * again as its own deputy, in a user namespace where that user is root.
 */
export async function withOwners(
  world: World,
  given: Talking & { readonly cache: string },
  act: (session: Session) => Promise<void>,
): Promise<void> {
  if (!isRoot()) {
    await requireNamespaces(world.signal, { cache: given.cache });
    world.end(await depute({ ...again(ownUsers, "1"), signal: world.signal }));
    return;
  }
  process.umask(0o022); // What a stage makes has the same modes whoever asks for it.
  await within(world, given, act);
}

/**
 * This very command line, in further namespaces. setpriv comes second: entering a user namespace would clear what it asks for (prctl(2),
 * PR_SET_PDEATHSIG). The home is named, because in there root's would be found.
 */
export const again = (
  namespaces: readonly string[],
  mark: string,
): Pick<Parameters<typeof depute>[0], "tool" | "args" | "env"> => ({
  tool: "unshare",
  // prettier-ignore
  args: [
    ...namespaces, "--",
    "setpriv", "--pdeathsig", "KILL", "--",
    process.execPath, ...process.execArgv, ...process.argv.slice(1),
  ],
  env: { HOME: homedir(), [deputyMark]: mark },
});
