import { parentPort, workerData } from "node:worker_threads";
import { digestAll } from "./digesting.js";

const { contents, algorithms } =
  /** @type {{ contents: readonly import("./digesting.js").Content[], algorithms: readonly string[] }} */ (workerData);
parentPort?.postMessage(digestAll(contents, algorithms));
