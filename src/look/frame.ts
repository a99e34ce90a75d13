/**
 * Where the menu's entries lie, in characters of isolinux' menu: 78 × 29 of 8×16 pixels, with a border of 8 pixels, on
 * a screen of 640×480. UEFI's menu follows it.
 */
export interface Panel {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

const screen = { columns: 78, rows: 29 } as const;

/** Rows above the panel for the title, and below it for countdown, help and keys. */
const above = 3;
const below = 9;

/** How many lines a help text may have. */
const helpRows = 3;

/** Help as isolinux shows it: in lines that lie under the panel, since they are drawn from the screen's first column. */
export function helpLines(text: string, { column, columns }: Panel): readonly string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > columns - 2) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.slice(0, helpRows).map((line) => " ".repeat(column + 1) + line);
}

/** What is wrong with a panel, in words. */
export function panelFaults({ column, row, columns, rows }: Panel): readonly string[] {
  return [
    ...(columns < 24 ? ["must have at least 24 columns: titles are longer"] : []),
    ...(rows < 4 ? ["must have at least 4 rows"] : []),
    ...(column < 0 || column + columns > screen.columns ? [`must lie within ${String(screen.columns)} columns`] : []),
    ...(row < above || row + rows > screen.rows - below
      ? [
          `must lie in rows ${String(above)} to ${String(screen.rows - below)}: title, countdown, help and keys need the others`,
        ]
      : []),
  ];
}

/** The same in the words of syslinux' menu, whose rows count from 1 and mostly from VSHIFT. */
export function isolinuxFrame({ column, row, columns, rows }: Panel): Readonly<Record<string, number>> {
  const vshift = row - above;
  const margin = Math.floor((screen.columns - columns) / 2);
  const from = (at: number): number => at + 1 - vshift;
  const countdown = row + rows + 1;
  const help = row + rows + 3;
  return {
    width: 2 * margin + columns,
    margin,
    hshift: column - margin,
    vshift,
    rows,
    timeoutrow: from(countdown),
    helpmsgrow: from(help),
    helpmsgendrow: help + helpRows,
    cmdlinerow: from(help),
    tabmsgrow: from(screen.rows - 2),
  };
}

/** Pixels of the panel's box on that screen: half a row of air above and below the entries. */
export const panelBox = ({ column, row, columns, rows }: Panel): Box => ({
  left: column * 8 + 8,
  top: row * 16,
  width: columns * 8,
  height: rows * 16 + 16,
});

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
