// JavaScript, because Node starts it by itself, be it from the sources or from what is built of them.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const { path, algorithms } = /** @type {{ path: string, algorithms: readonly string[] }} */ (workerData);
const hashes = algorithms.map((algorithm) => createHash(algorithm));
const file = openSync(path, "r");
const buffer = Buffer.allocUnsafe(2 ** 20);
// Nobody else waits in this thread.
for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
  for (const hash of hashes) hash.update(buffer.subarray(0, read));
closeSync(file);
parentPort?.postMessage(hashes.map((hash) => hash.digest("hex")));
