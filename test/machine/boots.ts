import { bootAndProve, type Trial, type Verdict } from "../../src/machine/boot.ts";
import { accelerator } from "../../src/machine/accelerator.ts";
import { readImage } from "../../src/machine/medium.ts";

export type BootWish = Pick<Trial, "firmware" | "medium"> &
  Partial<Pick<Trial, "entry" | "checks" | "seconds" | "keep" | "facts">>;

/** For other tests: boot an image whose user is the shipped recipes' one, and return the verdict. */
export async function boots(image: string, wish: BootWish): Promise<Verdict> {
  const { signal } = new AbortController();
  return bootAndProve({
    login: { user: "user", password: "live", secret: false },
    checks: [],
    seconds: 900,
    tell: () => undefined,
    facts: wish.facts ?? (await readImage(image, signal)),
    ...wish,
    image,
    accelerator: await accelerator(signal),
    signal,
  });
}
