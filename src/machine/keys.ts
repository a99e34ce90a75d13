/** One movement of one key, by QEMU's name for it (QKeyCode). */
export interface Stroke {
  readonly key: string;
  readonly down: boolean;
}

/** Keys pressed together and let go again, the last pressed first. */
export const chord = (keys: readonly string[]): readonly Stroke[] => [
  ...keys.map((key) => ({ key, down: true })),
  ...[...keys].reverse().map((key) => ({ key, down: false })),
];

/**
 * A character for a Linux text console: Alt and its decimal number on the keypad (keyboards(7), console keymaps'
 * `Ascii_0`…`Ascii_9`). Unlike the letters' own keys it means the same under every keyboard layout.
 */
export function character(char: string): readonly Stroke[] {
  if (char === "\n") return chord(["ret"]);
  const digits = [...String(char.codePointAt(0) ?? 0)].flatMap((digit) => chord([`kp_${digit}`]));
  return [{ key: "alt", down: true }, ...digits, { key: "alt", down: false }];
}

/** As QMP's `input-send-event` wants them. */
export const inputEvents = (strokes: readonly Stroke[]): readonly object[] =>
  strokes.map(({ key, down }) => ({ type: "key", data: { down, key: { type: "qcode", data: key } } }));
