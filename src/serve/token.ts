import { createHash, timingSafeEqual } from "node:crypto";
import { open } from "node:fs/promises";
import { Failure } from "../failure.ts";
import { isRoot } from "../system/host.ts";

/** Fewer characters could be guessed by trying. */
const shortest = 16;

/** Read the word that uploads are allowed by, from a file that nobody may read but us, root, or who made us root by sudo. */
export async function readToken(path: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  await using file = await open(path, "r").catch((cause: unknown) => {
    throw new Failure("usage", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  const kind = await file.stat();
  if (kind.isDirectory())
    throw new Failure("usage", `${path} is a folder, and no file that holds a token`, {
      remedy: "name the file in it",
    });
  const { mode, uid } = kind;
  if ((mode & 0o077) !== 0)
    throw new Failure("refused", `others than its owner may read ${path}, so it keeps no secret`, {
      remedy: `chmod 600 ${path}, after a new word was written to it`,
    });
  if (!trusted(env).includes(String(uid)))
    throw new Failure("refused", `${path} belongs to somebody else, who could change it`, {
      remedy: `sudo chown root ${path}`,
    });
  const token = (await file.readFile("utf8")).trim();
  if (token.length < shortest || /\s/.test(token))
    throw new Failure("usage", `${path} must hold one word of at least ${String(shortest)} characters`, {
      remedy: `(umask 077; head -c 24 /dev/urandom | base64 > ${path})`,
    });
  return token;
}

const trusted = ({ SUDO_UID }: NodeJS.ProcessEnv): readonly (string | undefined)[] => [
  "0",
  ...(isRoot() ? [SUDO_UID] : [String(process.geteuid?.())]),
];

/** Whether a request's `Authorization` holds the token. How long this takes tells nothing about it. */
export function allows(token: string, authorization: string | undefined): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
