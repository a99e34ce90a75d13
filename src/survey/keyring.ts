import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { binaryKeys } from "../tools/gpgv.ts";

/** Debian's own keys, from the package debian-archive-keyring. */
export const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface Keyring {
  /** What tools are given. */
  readonly path: string;
  /** What a person calls it. */
  readonly file: string;
}

/**
 * A keyring that both gpgv and apt read, whatever a recipe brings: apt goes by the name's ending, gpgv reads no armour.
 * It is kept in `cache` under its own digest, so that its path stays good while the cache does.
 */
export async function keyring(file: string, cache: string): Promise<Keyring> {
  const keys = binaryKeys(await contentOf(file));
  // The first byte of an OpenPGP packet has its highest bit set (RFC 4880, 4.2); a keybox begins with its size and type.
  if (!isKeyring(keys))
    throw new Failure("recipe-invalid", `${file} is no OpenPGP keyring, neither binary nor in ASCII armour`);
  const folder = join(cache, "keyrings");
  const path = join(folder, `${createHash("sha256").update(keys).digest("hex")}.gpg`);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, keys, { mode: 0o644 });
  await rename(draft, path);
  return { path, file };
}

const isKeyring = (keys: Buffer): boolean =>
  keys.length > 12 && ((keys[0] ?? 0) >= 0x80 || keys.subarray(8, 12).toString("latin1") === "KBXf");

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Failure("recipe-invalid", `The keyring ${file} does not exist`, {
      ...(file === debianKeyring ? { remedy: "apt-get install debian-archive-keyring" } : {}),
      cause: error,
    });
  }
}
