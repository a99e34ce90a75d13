import ProgressBar from "progress";

/** One line at the bottom of a terminal that is drawn over and over. */
export interface Bar extends Disposable {
  /** Draw `line`, with a bar of `fraction` behind it if there is one. */
  draw(line: string, fraction?: number): void;
  /** Write a line that stays, above the one that is drawn over. */
  above(line: string): void;
}

const barWidth = 24;
/** In a narrower terminal the words are worth more than the bar. */
const leastColumns = 60;
/** Fine enough for a bar of any width. */
const steps = 1_000;

/** `progress` draws nothing off a terminal and its interrupt() throws there, so this is for terminals only. */
export function bar(stream: NodeJS.WriteStream): Bar {
  let drawn: ProgressBar | undefined;
  let withBar = false;
  const erase = (): void => {
    drawn?.terminate();
    drawn = undefined;
  };
  return {
    draw(line, fraction) {
      const columns = stream.columns || 80;
      const fits = fraction !== undefined && columns >= leastColumns;
      if (drawn !== undefined && withBar !== fits) erase();
      withBar = fits;
      drawn ??= new ProgressBar(withBar ? ":line [:bar]" : ":line", {
        total: steps,
        width: barWidth,
        stream,
        clear: true,
        complete: "#",
        incomplete: ".",
        renderThrottle: 0,
      });
      // A full bar would end itself; ours ends when its stage does.
      drawn.curr = Math.min(steps - 1, Math.floor((fraction ?? 0) * steps));
      const room = Math.max(8, columns - 1 - (withBar ? barWidth + 3 : 0));
      // The library puts tokens in with String.replace, where $ has a meaning.
      drawn.render({ line: clip(line, room).replaceAll("$", "$$$$") });
    },
    above(line) {
      if (drawn === undefined) stream.write(`${line}\n`);
      else drawn.interrupt(line);
    },
    [Symbol.dispose]: erase,
  };
}

const clip = (line: string, room: number): string => (line.length <= room ? line : `${line.slice(0, room - 1)}…`);
