import { Failure } from "../failure.ts";

/** One word of GRUB's script language: nothing in it is a variable, a comment or an end. */
export function grubWord(text: string): string {
  refuse(text, control, "a control character");
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One `linux` argument for GRUB, which quotes it again for the kernel and would change quotes and backslashes. */
export const grubArgument = (text: string): string => grubWord(argument(text));

/**
 * A string of GRUB's theme language, which knows no escapes: a straight quotation mark becomes a curved one. Labels
 * treat their text as a format, so "%" is doubled.
 */
export function grubThemeString(text: string): string {
  refuse(text, control, "a control character");
  return `"${text.replaceAll('"', "”").replaceAll("%", "%%")}"`;
}

/** The rest of a line of isolinux.cfg, as it appears on the screen. */
export function isolinuxLine(text: string): string {
  refuse(text, control, "a control character");
  refuse(text, /\^/, '"^", which marks a hot key there');
  refuse(text, /^\s*endtext(\s|$)/i, '"ENDTEXT", which ends a help text there');
  cp437(text);
  return text.trim();
}

/** The text, if the menu shows all of it. */
export function fitting(text: string, columns: number): string {
  if ([...text].length > columns) throw refused(text, `more than ${String(columns)} characters, and would be cut off`);
  return text;
}

/** Arguments of a kernel, which takes 2047 characters; boot loaders add its own path, the initrd's and perhaps an ISO's. */
export function kernelLine(words: readonly string[]): string {
  const line = words.join(" ");
  if (line.length > 1700) throw refused(`${line.slice(0, 60)}…`, "more arguments than a kernel takes");
  return line;
}

/** One argument on an APPEND line; the kernel itself takes quotation marks away again. */
export function isolinuxArgument(text: string): string {
  const sound = argument(text);
  return sound.includes(" ") ? `"${sound}"` : sound;
}

/** BIOS text is in code page 437, the character set of a PC's display adapter. */
export function cp437(text: string): Buffer {
  return Buffer.from([...text.normalize("NFC")].map((character) => byteOf(character, text)));
}

const upperHalf =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function byteOf(character: string, text: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  const at = upperHalf.indexOf(character);
  if (at < 0) throw refused(text, `"${character}", which a BIOS screen cannot show`);
  return 0x80 + at;
}

function argument(text: string): string {
  refuse(text, control, "a control character");
  refuse(text, /["'\\]/, "a quotation mark or backslash, which boot loaders change");
  refuse(text, /^$|[^ -~]/, "a character outside printable ASCII, or is empty");
  return text;
}

const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function refuse(text: string, pattern: RegExp, what: string): void {
  if (pattern.test(text)) throw refused(text, what);
}

const refused = (text: string, what: string): Failure =>
  new Failure("recipe-invalid", `${JSON.stringify(text)} cannot stand in a boot menu: it contains ${what}`, {
    remedy: "choose another title, word or argument",
  });

/** Characters that iPXE would read as its own in a word, as settings that `${…}` fills in; by hexadecimal number. */
export const ipxeSpecial = { hash: "23", and: "26", bar: "7c", semicolon: "3b" } as const;

/** Words on a line of an iPXE script. Blanks divide them; a word cannot be quoted, only be put together (core/exec.c there). */
export function ipxeWords(text: string): string {
  refuse(text, control, "a control character");
  refuse(text, /\$\{/, '"${", which iPXE fills in');
  refuse(text, /[^ -~]/, "a character outside printable ASCII");
  return text
    .split(" ")
    .map((word) => {
      if (word.startsWith("#")) return `\${hash:string}${word.slice(1)}`;
      if (word === "&&") return "${and:string}&";
      if (word === "||") return "${bar:string}|";
      return word === ";" ? "${semicolon:string}" : word;
    })
    .join(" ");
}

/** One argument of a kernel that iPXE starts. */
export function ipxeArgument(text: string): string {
  const sound = argument(text);
  refuse(sound, / /, "a blank, which iPXE cannot pass on");
  return ipxeWords(sound);
}
