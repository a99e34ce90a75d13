import { expect, test } from "vitest";
import { wishesOf } from "../../src/machine/wishes.ts";

const entry = (...given: readonly string[]) =>
  ({ do: "linux", name: "x", title: "x", kind: "live", kernel: "/k", initrd: "/i", arguments: given }) as const;

test("an entry that names a language and a keyboard is asked whether the guest has them", () => {
  const questions = wishesOf(entry("boot=live", "locales=de_DE.UTF-8", "keyboard-layouts=de"), "user");
  expect(questions.map(({ name }) => name)).toEqual(["the system speaks de_DE.UTF-8", "the keyboard is de"]);
  const answered = (output: string) => questions[0]?.fault({ status: 0, output }, "root");
  expect(answered("de_DE.UTF-8\n")).toBeUndefined();
  expect(answered("en_US.UTF-8\n")).toBe("wanted de_DE.UTF-8, found en_US.UTF-8");
  expect(answered("")).toBe("wanted de_DE.UTF-8, found nothing");
});

test("an entry that names its user is asked for the name", () => {
  expect(wishesOf(entry("user-fullname=Ada"), "user").map(({ name }) => name)).toEqual(["the user is called Ada"]);
});

test("other arguments raise no question", () => {
  expect(wishesOf(entry("boot=live", "quiet", "constructor=1", "nocomponents=locales"), "user")).toEqual([]);
});
