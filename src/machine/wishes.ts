import type { LinuxEntry } from "../medium.ts";
import type { Question } from "./questions.ts";
import { quoted } from "./shell.ts";

/** What an entry asks live-config for, each by the boot parameter that asks (live-config(7)), as the guest should then have it. */
const wishes: Readonly<
  Record<string, (value: string, user: string) => { readonly name: string; readonly command: string }>
> = {
  locales: (value) => ({
    name: `the system speaks ${value}`,
    // `locale -a` spells the character set in its own way; what counts is that the locale was made.
    command: `. /etc/default/locale; locale -a | grep -qi ${quoted(`^${value.replace(/\..*/, "")}.utf`)} && echo "$LANG"`,
  }),
  "keyboard-layouts": (value) => ({
    name: `the keyboard is ${value}`,
    command: '. /etc/default/keyboard; echo "$XKBLAYOUT"',
  }),
  "user-fullname": (value, user) => ({
    name: `the user is called ${value}`,
    command: `getent passwd ${quoted(user)} | cut -d: -f5 | cut -d, -f1`,
  }),
};

/** Questions that only an entry with such wishes raises. */
export const wishesOf = ({ arguments: given }: LinuxEntry, user: string): readonly Question[] =>
  given.flatMap((word) => {
    const [, parameter = "", value = ""] = /^(?:live-config\.)?([a-z-]+)=(.*)$/.exec(word) ?? [];
    const wish = Object.hasOwn(wishes, parameter) ? wishes[parameter] : undefined;
    if (wish === undefined) return [];
    const fault: Question["fault"] = ({ output }) =>
      output.trim() === value ? undefined : `wanted ${value}, found ${output.trim() || "nothing"}`;
    return [{ ...wish(value, user), fault }];
  });
