/** A sha256 as every list and record spells it. */
export const digestPattern = /^[0-9a-f]{64}$/;
