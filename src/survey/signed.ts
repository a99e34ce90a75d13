import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { scratch } from "../system/scratch.ts";
import { gpgv, isTrusted, judgement, misshapen } from "../tools/gpgv.ts";
import type { HostApt } from "./apt.ts";
import { ask } from "./ask.ts";
import type { Keyring } from "./keyring.ts";
import { keepRelease, releaseFile, type StateWish } from "./state.ts";

export interface SignedText {
  /** Exactly what the signature covers. */
  readonly text: string;
  /** sha256 of the whole file. */
  readonly digest: string;
}

/** Read a suite's InRelease file and believe nothing of it but what a key of `keyring` signed. */
export async function signedRelease(
  wish: { readonly role: string; readonly url: string; readonly suite: string; readonly keyring: Keyring },
  state: StateWish & { readonly apt: HostApt },
): Promise<SignedText> {
  const address = `${wish.url}/dists/${wish.suite}/InRelease`;
  const found = await releaseFile(address, wish.role, state);
  if (found === undefined)
    throw new Failure("recipe-invalid", `${wish.url} has no suite ${wish.suite} (${address} is not there)`, {
      remedy: "check the suite's name and the archive's address",
    });
  const { file } = found;
  const text = await verified(file, address, wish.keyring, state.signal);
  await keepRelease(address, found, state);
  return { text, digest: createHash("sha256").update(file).digest("hex") };
}

async function verified(file: Buffer, address: string, keyring: Keyring, signal: AbortSignal): Promise<string> {
  const start = file.subarray(0, 512).toString("latin1").trimStart();
  if (/^<(!doctype|html)/i.test(start))
    throw new Failure(
      "transient",
      `${address} was answered with a web page; is a login page of the network in between?`,
      {
        remedy: "open a web browser and log in to the network, then try again",
      },
    );
  const shape = misshapen(file.toString("utf8"));
  if (shape !== undefined) throw untrusted(address, keyring, [shape]);
  await using folder = await scratch();
  const signed = join(folder.path, "signed");
  const text = join(folder.path, "text");
  await writeFile(signed, file);
  const status = judgement(await ask(gpgv({ signed, keyring: keyring.path, text }), signal, [1, 2]));
  if (!isTrusted(status)) throw untrusted(address, keyring, status.faults);
  return await readFile(text, "utf8");
}

const untrusted = (address: string, { file }: Keyring, faults: readonly string[]): Failure =>
  new Failure(
    "verification-failed",
    [
      `${address} is signed by nobody whom ${file} names:`,
      ...(faults.length > 0 ? faults : ["no good signature"]),
    ].join("\n  "),
    { remedy: "install the archive's current keyring package, or use a mirror that serves the archive unchanged" },
  );
