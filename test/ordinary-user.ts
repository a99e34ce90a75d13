import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../src/system/process.ts";
import { checkout, livewright, type Circumstances, type Outcome } from "./livewright.ts";

const signal = new AbortController().signal;
const ask = (tool: string, ...args: string[]): Promise<string> => capture({ tool, args, signal });

/** Somebody without any rights on this machine but a range of subordinate ids. */
export interface OrdinaryUser extends AsyncDisposable {
  readonly name: string;
  readonly home: string;
  /** Run the program as this user, with an environment and a umask unlike root's. */
  readonly livewright: (words: readonly string[], how?: Circumstances & Given) => Promise<Outcome>;
  /** Command lines of all processes that are this user's, or of an id out of the user's range. */
  readonly processes: () => Promise<readonly string[]>;
}

interface Given {
  /** What root changes about the host before, for this command alone: a shell script, in namespaces of its own. */
  readonly given?: string;
}

/** Subordinate ids as Debian's useradd gives them; none, if `range` says so. */
export async function ordinaryUser(range: "range" | "no range" = "range"): Promise<OrdinaryUser> {
  const folder = await mkdtemp(join(tmpdir(), "livewright-user-"));
  await chmod(folder, 0o755);
  const [home, program] = [join(folder, "home"), join(folder, "program")];
  const name = `lw${folder.slice(-6).toLowerCase()}`;
  const dispose = async (): Promise<void> => {
    await ask("userdel", "--force", name);
    await rm(folder, { recursive: true, force: true });
  };
  await ask("useradd", "--no-user-group", "--gid", "nogroup", "--create-home", "--home-dir", home, name);
  await mkdir(program);
  const [uid, first] = [Number(await ask("id", "--user", name)), await grant(name, range)];
  return {
    name,
    home,
    livewright: (words, how = {}) =>
      livewright(words, {
        ...how,
        env: { PATH: process.env["PATH"], TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", HOME: home, ...how.env },
        cwd: home,
        run: [
          "unshare",
          "--mount",
          "--uts",
          "sh",
          "-ec",
          `${how.given ?? ""}\n${become}`,
          checkout,
          program,
          name,
          process.execPath,
          ...words,
        ],
      }),
    processes: async () => {
      const lines = (await ask("ps", "-eo", "uid=,args=")).split("\n").map((line) => line.trim());
      return lines.filter((line) => {
        const id = Number(line.split(" ")[0]);
        return id === uid || (id >= first && id < first + 65_536);
      });
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** The first of the user's ids. */
async function grant(name: string, range: "range" | "no range"): Promise<number> {
  const [own] = (await ask("sh", "-c", `grep '^${name}:' /etc/subuid || true`)).split("\n");
  const first = Number(own?.split(":")[1] ?? 0) || 700_000_000;
  const span = `${String(first)}-${String(first + 65_535)}`;
  const option = (kind: string): string => `--${range === "range" ? "add" : "del"}-sub${kind}s`;
  await ask("usermod", option("uid"), span, option("gid"), span, name);
  return first;
}

/** The checkout may lie where only its owner looks: it is shown in a place of its own, to this command alone. */
const become = `umask 077
mount --bind "$0" "$1"
program=$1/dist/main.js name=$2 node=$3
shift 3
exec setpriv --reuid="$name" --regid=nogroup --clear-groups -- "$node" "$program" "$@"`;
