import { partsOf, type Part } from "../command.ts";
import type { Step } from "./stage.ts";

/** A step in words that tell it from the others of its stage. */
export function wordsOf(step: Step): string {
  if (step.do === "run")
    return ["run", step.command.tool, ...step.command.args.flatMap(partsOf).flatMap(pathOf).slice(0, 1)].join(" ");
  return "to" in step ? `${step.do} ${pathOf(step.to).join("")}` : step.do;
}

const pathOf = (part: Part): readonly string[] => (typeof part !== "string" && "path" in part ? [part.path] : []);
