import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Failure } from "../failure.ts";
import { accelerator } from "../machine/accelerator.ts";
import { bootAndProve, type Verdict } from "../machine/boot.ts";
import type { Login } from "../machine/login.ts";
import { fingerprint, readImage, type ImageFacts } from "../machine/medium.ts";
import { computer, emulator, plainLine, type Attachment } from "../tools/qemu.ts";
import type { TestOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Seconds for one boot, unless --timeout says otherwise. A desktop without KVM needs several minutes. */
const usualSeconds = 600;

export async function test(iso: string, options: TestOptions, session: Session): Promise<void> {
  const { signal } = session;
  const facts = await readImage(iso, signal);
  const login = await credentials(options, facts);
  const by = await accelerator(signal);
  const verdicts: Verdict[] = [];
  for (const firmware of options.firmware)
    for (const medium of options.medium)
      verdicts.push(
        await bootAndProve({
          image: iso,
          facts,
          firmware,
          medium,
          accelerator: by,
          entry: options.entry,
          login,
          checks: [],
          seconds: options.timeout ?? usualSeconds,
          keep: options.screenshots,
          signal,
          tell: (text) => {
            session.report({ kind: "note", text });
          },
        }),
      );
  session.print(JSON.stringify(verdicts, undefined, 2) + "\n");
  if (verdicts.some(({ passed }) => !passed)) throw new Failure("boot-failed", "boot failed");
}
async function credentials(options: TestOptions, facts: ImageFacts): Promise<Login> {
  return { user: "user", password: "live", secret: false };
}
