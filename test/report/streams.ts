/** A stand-in for standard error that keeps what was written to it. */
export class Paper {
  readonly isTTY: boolean;
  readonly columns: number;
  text = "";

  constructor(how: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
    this.isTTY = how.isTTY ?? false;
    this.columns = how.columns ?? 80;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** A terminal: lines that stay, and the one that is drawn over. Understands only what a progress line needs. */
export class Screen extends Paper {
  constructor(columns = 80) {
    super({ isTTY: true, columns });
  }

  cursorTo(column: number): boolean {
    if (column !== 0) throw new Error("only to the start of the line");
    return this.write("\r");
  }

  clearLine(direction = 0): boolean {
    return this.write(direction === 1 ? "\u001b[K" : "\u001b[2K");
  }

  /** What a person sees. Every line must fit, because a wrapped line cannot be drawn over. */
  get seen(): string {
    return this.text
      .split("\n")
      .map((line) => this.#drawn(line))
      .join("\n");
  }

  #drawn(line: string): string {
    let shown = "";
    let column = 0;
    for (const [part] of line.matchAll(/\r|\u001b\[2?K|\u001b\[\d+m|[^\r\u001b]/gu)) {
      if (part === "\r") column = 0;
      else if (part === "\u001b[2K") shown = shown.replaceAll(/./gu, " ");
      else if (part === "\u001b[K") shown = shown.slice(0, column);
      else if (!part.startsWith("\u001b")) {
        shown = shown.slice(0, column).padEnd(column) + part + shown.slice(column + 1);
        column += 1;
      }
      if (column > this.columns) throw new Error(`a line is wider than the terminal: ${shown}`);
    }
    return shown.trimEnd();
  }
}
