import type { Meter } from "../plan/stage.ts";
import { aptPhrase } from "../tools/hook.ts";
import { written } from "../tools/xorriso.ts";

type Progress = { readonly fraction: number } | { readonly text: string } | undefined;

/** How each tool's lines tell how far it is. */
export const meters: Readonly<Record<Meter, (line: string) => Progress>> = {
  apt: (line) => {
    const text = aptPhrase(line);
    return text === undefined ? undefined : { text };
  },
  xorriso: (line) => {
    const fraction = written(line);
    return fraction === undefined ? undefined : { fraction };
  },
};
