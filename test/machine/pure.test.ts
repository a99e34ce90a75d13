import { execFileSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { alike, decodePpm, look, type Frame } from "../../src/machine/frame.ts";
import { answersIn } from "../../src/machine/installer.ts";
import { character, chord } from "../../src/machine/keys.ts";
import { allHalted, inLinux } from "../../src/machine/machine.ts";
import { Masker } from "../../src/machine/mask.ts";
import { speakQmp, type QmpEvent } from "../../src/machine/qmp.ts";
import { layersIn } from "../../src/machine/questions.ts";
import { routeTo } from "../../src/machine/route.ts";
import { answerOf, framed } from "../../src/machine/shell.ts";
import { diagnosis } from "../../src/machine/symptoms.ts";
import { scale } from "../../src/machine/wait.ts";
import { record } from "./fake.ts";

const signal = new AbortController().signal;
const ask = (command: string): RegExpExecArray | null =>
  answerOf("0123456789abcdef").exec(
    execFileSync("sh", { input: framed(command, "0123456789abcdef"), encoding: "utf8" }),
  );

test("a shell answers with the command's own status and output", () => {
  expect(ask("echo 'it''s'; false")?.slice(1)).toEqual(["its\n", "1"]);
  expect(ask("exit 42")?.[2]).toBe("42");
  expect(ask("printf no-newline; printf err >&2")?.slice(1)).toEqual(["no-newlineerr", "0"]);
});

test("a line that echoes the question is not taken for its answer", () => {
  expect(answerOf("0123456789abcdef").test(framed("true", "0123456789abcdef"))).toBe(false);
});

test("a secret is hidden also where it arrives in two pieces", () => {
  const masker = new Masker(["s3cret", "s3cret-and-more"]);
  const shown =
    ["my s3c", "ret, my s3cret-and", "-more, s3cre"].map((piece) => masker.take(piece)).join("") + masker.rest();
  expect(shown).toBe("my ********, my ********, s3cre");
});

test("the way to an entry counts what that firmware shows", () => {
  expect(routeTo(record.menu, "bios", "french").steps).toEqual([2, 1]);
  expect(routeTo(record.menu, "bios", "disk")).toMatchObject({ steps: [4], choices: 5 });
  expect(routeTo(record.menu, "uefi", "disk").steps).toEqual([4]);
  expect(routeTo(record.menu, "secure-boot").steps).toEqual([0]);
});

test("an entry that a firmware does not show is refused with the names it has", () => {
  expect(() => routeTo(record.menu, "bios", "settings")).toThrow(
    expect.objectContaining({
      code: "usage",
      remedy: "it has: live, live-serial, german, french, memtest, disk",
    }) as Error,
  );
});

const frame = (paint: (at: number) => number): Frame => {
  const pixels = Uint8Array.from({ length: 100 * 100 * 3 }, (_, at) => paint(Math.floor(at / 3)));
  return { width: 100, height: 100, pixels };
};

test("a picture is read when it is whole, and not before", () => {
  const whole = Buffer.concat([Buffer.from("P6\n2 1\n255\n"), Buffer.alloc(6, 7)]);
  expect(decodePpm(whole)).toMatchObject({ width: 2, height: 1 });
  expect(decodePpm(whole.subarray(0, -1))).toBeUndefined();
});

test("a blinking cursor makes no other picture, a highlighted line does", () => {
  const black = frame(() => 0);
  expect(
    alike(
      black,
      frame((at) => (at < 128 ? 255 : 0)),
    ),
  ).toBe(true);
  expect(
    alike(
      black,
      frame((at) => (at < 800 ? 255 : 0)),
    ),
  ).toBe(false);
  expect(alike(black, { width: 50, height: 200, pixels: black.pixels })).toBe(false);
});

test("text on black, a picture and nothing are told apart", () => {
  expect(look(frame(() => 0))).toBe("blank");
  expect(look(frame((at) => (at % 20 === 0 ? 200 : 0)))).toBe("text");
  expect(look(frame(() => 120))).toBe("picture");
});

test("characters are typed by number, which every keyboard layout understands", () => {
  expect(
    character("z")
      .map(({ key, down }) => `${down ? "+" : "-"}${key}`)
      .join(" "),
  ).toBe("+alt +kp_1 -kp_1 +kp_2 -kp_2 +kp_2 -kp_2 -alt");
  expect(chord(["ctrl", "c"]).map(({ key, down }) => `${down ? "+" : "-"}${key}`)).toEqual([
    "+ctrl",
    "+c",
    "-c",
    "-ctrl",
  ]);
});

test.each([
  ["BdsDxe: No bootable option or device was found.\r\n", "the firmware found nothing to start"],
  ["Unable to find a medium containing a live file system\n(initramfs) ", "no live file system found"],
  ["error: no such device: x.\r\ngrub rescue> ", "GRUB stopped at its rescue prompt"],
  [
    "[    3.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\r\n",
    "the kernel panicked: Attempted to kill init! exitcode=0x00000100",
  ],
  ["BusyBox v1.35.0\r\n\r\n(initramfs) ", "the initramfs gave up and opened a shell"],
  ["BusyBox v1.35.0\r\n\r\n(initramfs) \u001b[6n", "the initramfs gave up and opened a shell"],
  [
    "  live-boot will now start a shell. The error message was:\r\n\r\n    Can not mount /dev/loop3\r\n\r\n",
    "live-boot gave up and opened a shell in the initramfs: Can not mount /dev/loop3",
  ],
  ["You are in emergency mode. After logging in", "systemd stopped in emergency mode"],
  [
    "[   19.4] SQUASHFS error: zstd decompression failed, data probably corrupt\r\n",
    "a squashfs module cannot be read: zstd decompression failed, data probably corrupt",
  ],
])("%j is understood at once", (text, meaning) => {
  expect(diagnosis(text)).toBe(meaning);
});

test("an ordinary boot shows no symptom", () => {
  expect(
    diagnosis("GNU GRUB  version 2.06\n[ OK ] Started getty.\nLoading initial ramdisk (initramfs) ...\nlogin: "),
  ).toBeUndefined();
});

test("layers are read from the mounts, highest first", () => {
  const root = "lowerdir=/run/live/rootfs/02-b.squashfs/:/run/live/rootfs/01-a.squashfs/,upperdir=/run/live/overlay/rw";
  expect(layersIn(`tmpfs /run tmpfs rw 0 0\noverlay / overlay rw,noatime,${root},workdir=/w 0 0\n`)).toEqual([
    "02-b.squashfs",
    "01-a.squashfs",
  ]);
  expect(layersIn("/dev/sda1 / ext4 rw 0 0\n")).toBeUndefined();
});

test("processor states tell a kernel from a boot loader, and a resting machine from a busy one", () => {
  expect(inLinux("RIP=ffffffff81c0 CPL=0")).toBe(true);
  expect(inLinux("RIP=00007f00 CPL=3")).toBe(true);
  expect(inLinux("RIP=000000007e01 CPL=0")).toBe(false);
  expect(allHalted("HLT=1\nHLT=1")).toBe(true);
  expect(allHalted("HLT=1\nHLT=0")).toBe(false);
  expect(allHalted("")).toBe(false);
});

test("answers of a preseed file are found, passwords are not", () => {
  expect(
    answersIn("# d-i a/b string c\nd-i netcfg/get_hostname string box\nd-i passwd/user-password password x\n"),
  ).toEqual([{ question: "netcfg/get_hostname", value: "box" }]);
});

test("QMP answers find their questions, events come in between, refusals are told", async () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  const events: QmpEvent[] = [];
  to.on("data", (chunk: Buffer) => {
    const { execute, id } = JSON.parse(chunk.toString()) as { execute: string; id: number };
    const answer = execute === "bad" ? { error: { desc: "no such thing" }, id } : { return: execute, id };
    from.write(`{"event":"RESET","data":{"guest":true}}\nno json\n${JSON.stringify(answer)}\n`);
  });
  from.write('{"QMP":{}}\n');
  const qmp = await speakQmp(from, to, { event: (event) => events.push(event), signal });
  expect(await qmp.ask("query-status", {}, signal)).toBe("query-status");
  await expect(qmp.ask("bad", {}, signal)).rejects.toThrow("the emulator refused: no such thing");
  expect(events).toHaveLength(3);
});

test("a question to an emulator that ends is answered with a failure", async () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  from.write('{"QMP":{}}\n');
  to.once("data", () => from.write('{"return":{},"id":1}\n'));
  const qmp = await speakQmp(from, to, { event: () => undefined, signal });
  const asked = qmp.ask("query-status", {}, signal);
  from.end();
  await expect(asked).rejects.toThrow("the emulator has ended");
});

test("TIMEOUT_SCALE stretches waits, and nonsense in it does not", () => {
  expect(scale({ TIMEOUT_SCALE: "2.5" })).toBe(2.5);
  expect([scale({}), scale({ TIMEOUT_SCALE: "-1" }), scale({ TIMEOUT_SCALE: "soon" })]).toEqual([1, 1, 1]);
});
