// JavaScript, because a thread begins with it (digest-thread.js), which Node loads by itself, be it from the sources or from
// what is built of them. Nothing here waits: whoever has other things to do has it done in a thread.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/**
 * @typedef {object} Stretch A part of a file.
 * @property {number} at In bytes.
 * @property {number} length In bytes. It ends early where the file does.
 *
 * @typedef {object} Content What stretches of a file hold one after the other.
 * @property {string} path
 * @property {readonly Stretch[]} stretches
 */

const pieceSize = 2 ** 20;
/** One for all: nobody else reads meanwhile. */
const buffer = Buffer.allocUnsafe(pieceSize);

/**
 * Several digests of each content in one reading, in hex.
 * @param {readonly Content[]} contents
 * @param {readonly string[]} algorithms
 * @returns {string[][]} In the order of the contents, each in that of the algorithms.
 */
export function digestAll(contents, algorithms) {
  return contents.map(({ path, stretches }) => {
    const hashes = algorithms.map((algorithm) => createHash(algorithm));
    const file = openSync(path, "r");
    try {
      for (const piece of pieces(file, stretches)) for (const hash of hashes) hash.update(piece);
    } finally {
      closeSync(file);
    }
    return hashes.map((hash) => hash.digest("hex"));
  });
}

/**
 * Each piece is gone when the next is read.
 * @param {number} file
 * @param {readonly Stretch[]} stretches
 */
function* pieces(file, stretches) {
  for (const { at, length } of stretches)
    for (let done = 0; done < length;) {
      const read = readSync(file, buffer, 0, Math.min(pieceSize, length - done), at + done);
      if (read === 0) break;
      done += read;
      yield buffer.subarray(0, read);
    }
}
