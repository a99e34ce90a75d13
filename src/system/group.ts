/** When the signal aborts, `begin` is called; what it began ends with this. */
export function onAbort(signal: AbortSignal, begin: () => Disposable): Disposable {
  let ending: Disposable | undefined;
  const listener = (): void => {
    ending = begin();
  };
  signal.addEventListener("abort", listener, { once: true });
  return {
    [Symbol.dispose]() {
      signal.removeEventListener("abort", listener);
      ending?.[Symbol.dispose]();
    },
  };
}

/** Ask a process group to end, and kill it after `grace` milliseconds unless this is disposed of before. */
export function endGroup(leader: number | undefined, grace: number): Disposable {
  kill(leader, "SIGTERM");
  const timer = setTimeout(() => {
    kill(leader, "SIGKILL");
  }, grace);
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}

/** Send a signal to a whole process group. */
export function kill(leader: number | undefined, name: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, name);
  } catch {
    // The group has already gone.
  }
}
