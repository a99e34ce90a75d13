import type { Step } from "../plan/stage.ts";

type Copy = Extract<Step, { do: "copy" }>;

/** What is done at once: a step, or neighbouring copies, which are one program's work. */
export type Stride = Exclude<Step, Copy> | readonly Copy[];

/** A stage's steps in their order, by strides. What it copies of its own is there only when the copy before has been made. */
export function stridesOf(steps: readonly Step[]): readonly Stride[] {
  const strides: Stride[] = [];
  let copies: Copy[] = [];
  for (const step of steps) {
    if (step.do !== "copy") {
      copies = [];
      strides.push(step);
      continue;
    }
    if (copies.length === 0 || isOwn(step)) strides.push((copies = []));
    copies.push(step);
  }
  return strides;
}

/** The steps that a stride is made of. */
export const stepsOf = (stride: Stride): readonly Step[] => ("do" in stride ? [stride] : stride);

const isOwn = ({ from }: Copy): boolean => from.at === "output" || from.at === "scratch";
