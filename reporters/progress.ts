/**
 * How loads are going, shown while they go: on a terminal in rows that stand below whatever Playwright's reporters write,
 * in a log as a line every ten seconds. Workers have no terminal, so they tell this process.
 */
import { type Progress, type ProgressOf, progressVariable } from '../load/measure/progress.ts';
import { type LoadUnderWay, logLine, progressRows } from './terminal/progress/progress-rows.ts';
import type { Mishaps } from './mishaps.ts';
import { listenForProgress } from './progress-listener.ts';
import { type Streams, type Surroundings, terminalWidths } from './surroundings.ts';
import { LinesBetween } from './terminal/progress/lines-between.ts';
import { RowsBelow } from './terminal/progress/rows-below.ts';

export interface ProgressParts {
  readonly around: Surroundings;
  readonly mishaps: Mishaps;
  /** Whether anything is to be shown. */
  readonly shows: boolean;
}

/** What shows how a load is going, and forgets it when it is over. */
interface Display {
  readonly show: (loads: readonly LoadUnderWay[], newest: LoadUnderWay) => void;
  readonly forget: (loads: readonly LoadUnderWay[]) => void;
  readonly close: () => void;
}

/** Rates that a row remembers. */
const mostRates = 10;
const lineEveryMs = 10_000;
/** Rows at most, and of a low terminal a third. */
const mostRows = 6;

/** What closes it again; undefined where nothing is shown. */
export async function openProgress({ around, mishaps, shows }: ProgressParts): Promise<(() => void) | undefined> {
  const { env, streams } = around;
  env[progressVariable] = `${process.pid}:off`;
  if (!shows || streams === undefined) return undefined;
  return mishaps.contain('progress cannot be shown', async () => {
    const loads = new Map<number, LoadUnderWay>();
    const listener = await listenForProgress({
      onProgress: (id, of, progress) => {
        const load = underWay(loads.get(id), of, progress);
        loads.set(id, load);
        display.show([...loads.values()], load);
      },
      onOver: (id) => {
        loads.delete(id);
        display.forget([...loads.values()]);
      },
    });
    // Only now: where nothing can listen, what others write goes its usual way.
    const display = around.isTerminal ? rowsOf(streams, around) : linesOf(streams);
    env[progressVariable] = `${process.pid}:${listener.address}`;
    return () => {
      listener.close();
      display.close();
    };
  });
}

function underWay(known: LoadUnderWay | undefined, of: ProgressOf, progress: Progress): LoadUnderWay {
  const rates = progress.rate === undefined ? [] : [progress.rate];
  return { of, progress, rates: [...(known?.rates ?? []), ...rates].slice(-mostRates) };
}

function rowsOf({ stdout, stderr }: Streams, { paint, width }: Surroundings): Display {
  const below = new RowsBelow({ stdout, others: stderr.isTTY ? [stderr] : [] });
  const draw = (loads: readonly LoadUnderWay[]) => {
    const most = Math.max(1, Math.min(mostRows, Math.floor(stdout.rows / 3)));
    // A terminal that does not know its size has none, 0 by 0.
    below.show(progressRows(loads, { width: (stdout.columns || width) - 1, most, paint }));
  };
  return {
    show: draw,
    forget: draw,
    close: () => {
      below.close();
    },
  };
}

/** A line when a load has gone on for another ten seconds, none when it is about to end. */
function linesOf({ stdout }: Streams): Display {
  const lines = new LinesBetween(stdout);
  const told = new WeakMap<ProgressOf, number>();
  return {
    show: (_, { of, progress }) => {
      const { elapsedMs, plannedMs = Infinity } = progress;
      const nth = Math.floor(elapsedMs / lineEveryMs);
      if (nth <= (told.get(of) ?? 0) || elapsedMs >= plannedMs) return;
      told.set(of, nth);
      lines.write(logLine({ of, progress }, terminalWidths.ofLogs));
    },
    forget: () => undefined,
    close: () => {
      lines.close();
    },
  };
}
