/** Ctrl-C and SIGTERM as something to wait for, so that what was started is ended before this process is. */

const codes = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stop {
  /** Aborted by the first of them. */
  readonly signal: AbortSignal;
  /** As a shell has it for the signal that came; undefined while none has. */
  readonly exitCode: () => number | undefined;
  /** Ends the watch; then a signal does what it always did. */
  readonly forget: () => void;
}

/** `onAgain` is called by each signal after the first. */
export function stopSignal(onAgain: () => void = () => undefined): Stop {
  const stop = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    if (stop.signal.aborted) {
      onAgain();
      return;
    }
    exitCode = codes[name as keyof typeof codes];
    stop.abort();
  };
  const names = Object.keys(codes) as (keyof typeof codes)[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: stop.signal,
    exitCode: () => exitCode,
    forget: () => names.forEach((name) => process.off(name, onSignal)),
  };
}
