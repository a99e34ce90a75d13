import { createHash } from "node:crypto";

/** sha256 of a value, which depends on the order of its keys. */
export const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** A UUID that means the same on every machine (RFC 4122, version 5, in a namespace of our own). */
export function uuidOf(name: string): string {
  const hash = createHash("sha1").update("livewright.uuid5.").update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
