import type { Command } from "../command.ts";

/** Check a clear-signed file and write the text that was signed, and nothing else, to `text`. */
export const gpgv = (wish: { readonly signed: string; readonly keyring: string; readonly text: string }): Command => ({
  tool: "gpgv",
  // prettier-ignore
  args: [
    "--status-fd", "1",
    "--keyring", wish.keyring,
    "--output", wish.text,
    "--", wish.signed,
  ],
});

/** OpenPGP's numbers for hashes that are too weak to sign with: MD5, SHA-1, RIPEMD-160 (RFC 4880, 9.4). */
const weakHashes = new Set(["1", "2", "3"]);

/** What gpgv's status lines say: who signed well, or why nobody did. */
export function judgement(printed: string): { readonly good: readonly string[]; readonly faults: readonly string[] } {
  const lines = [...printed.matchAll(/^\[GNUPG:\] (\S+) ?(.*)$/gm)].map(([, word = "", rest = ""]) => ({ word, rest }));
  const good: string[] = [];
  const faults: string[] = [];
  let current = "";
  for (const { word, rest } of lines) {
    if (word === "NEWSIG") current = "";
    if (word === "GOODSIG") current = rest;
    // gpgv ends with status 0 for an expired or revoked key too, so only these lines tell.
    if (word === "VALIDSIG" && current !== "")
      if (weakHashes.has(rest.split(" ")[7] ?? "")) faults.push(`signature with a weak hash by ${current}`);
      else good.push(current);
    const why = reasons[word];
    if (why !== undefined) faults.push(`${why} ${rest.split(" ")[0] ?? ""}`.trim());
  }
  return { good, faults };
}

const reasons: Readonly<Record<string, string>> = {
  BADSIG: "bad signature by",
  EXPSIG: "expired signature by",
  EXPKEYSIG: "signed with an expired key:",
  REVKEYSIG: "signed with a revoked key:",
  NO_PUBKEY: "signed with a key that the keyring does not hold:",
  NODATA: "not signed",
};

/** A bad signature beside a good one means that the file was changed. */
export const isTrusted = ({ good, faults }: ReturnType<typeof judgement>): boolean =>
  good.length > 0 && !faults.some((fault) => fault.startsWith("bad signature"));

/** gpgv reads binary keyrings only; keys are often handed out in ASCII armour (RFC 4880, 6.2). */
export function binaryKeys(file: Buffer): Buffer {
  if (!file.subarray(0, 64).toString("latin1").trimStart().startsWith("-----BEGIN PGP")) return file;
  const blocks = file.toString("latin1").replaceAll("\r\n", "\n");
  const bodies = blocks.matchAll(
    /-----BEGIN PGP PUBLIC KEY BLOCK-----\n(?:[^\n]+: [^\n]*\n)*\n?([A-Za-z0-9+/=\n]+?)(?:\n=[A-Za-z0-9+/]{4})?\n-----END/g,
  );
  return Buffer.concat([...bodies].map(([, body = ""]) => Buffer.from(body, "base64")));
}

/**
 * Nothing may stand before, between or after what is signed: readers that look at the whole file would believe it.
 * Returns what is wrong with the shape of a clear-signed file, if anything is.
 */
export function misshapen(file: string): string | undefined {
  const text = file.replaceAll("\r\n", "\n");
  const marks = [...text.matchAll(/^-----(BEGIN|END) PGP ([A-Z ]+)-----[ \t]*$/gm)].map(
    ([, edge, what]) => `${edge ?? ""} ${what ?? ""}`,
  );
  if (marks.length === 0) return "it is not signed";
  if (marks.join() !== "BEGIN SIGNED MESSAGE,BEGIN SIGNATURE,END SIGNATURE")
    return "it is more, or less, than one signed text";
  if (!text.startsWith("-----BEGIN PGP SIGNED MESSAGE-----")) return "there is text before what is signed";
  if (!/-----END PGP SIGNATURE-----\s*$/.test(text)) return "there is text after the signature";
  return undefined;
}
