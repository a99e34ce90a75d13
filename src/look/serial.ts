/** A serial line that boot loaders can drive by themselves. */
export interface SerialPort {
  readonly unit: number;
  readonly speed: number;
}

/** The kernel's `ttyS0,115200` as a port number and a speed; other kinds of lines are the kernel's alone. */
export function serialPort(line: string | undefined): SerialPort | undefined {
  const parts = /^ttyS([0-3])(?:,(\d+).*)?$/.exec(line ?? "");
  return parts === null ? undefined : { unit: Number(parts[1]), speed: Number(parts[2] ?? 9600) };
}
