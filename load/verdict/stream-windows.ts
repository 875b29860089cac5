/** What streams and WebSockets did in a part of the time, by the second in which it came. */
import { percentOf } from '../measure/custom-metric.ts';
import type { EndpointData, RunData } from '../measure/run-data.ts';
import { windowPrecision } from '../measure/run-window.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import type { WindowSums } from './metric-row.ts';
import { hasSockets, hasStreams } from './row-extras-metric.ts';

/** Whole seconds, the last not among them. */
interface Seconds {
  readonly first: number;
  readonly end: number;
}

/** Of these rows; absent where they have none. */
export function messagesIn(rows: readonly EndpointData[], seconds: Seconds): Pick<WindowSums, 'streams' | 'sockets'> {
  const streams = rows.filter(hasStreams).flatMap(({ stream }) => within(stream?.windows, seconds));
  const sockets = rows.filter(hasSockets).flatMap(({ socket }) => within(socket?.windows, seconds));
  return {
    ...(rows.some(hasStreams) && {
      streams: {
        events: sum(streams, ({ events }) => events),
        tokens: rows.some(hasTokens) ? sum(streams, ({ tokens }) => tokens) : undefined,
      },
    }),
    ...(rows.some(hasSockets) && {
      sockets: { sent: sum(sockets, ({ sent }) => sent), received: sum(sockets, ({ received }) => received) },
    }),
  };
}

function hasTokens({ stream }: EndpointData): boolean {
  return (stream?.tokens ?? 0) > 0;
}

/** A percentile, `min` or `max`; undefined where none was measured in those seconds. */
export function streamTimeIn(
  rows: readonly EndpointData[],
  seconds: Seconds,
  { time, statistic }: { readonly time: 'firstEvent' | 'gap'; readonly statistic: string },
): number | undefined {
  const all = new SparseHistogram(windowPrecision);
  for (const { stream } of rows) for (const window of within(stream?.windows, seconds)) all.add(window[time]);
  if (statistic === 'min') return all.buckets()[0]?.value;
  return all.count === 0 ? undefined : all.percentile(statistic === 'max' ? 100 : (percentOf(statistic) ?? 100));
}

/** The rows of a run that are asked of. */
export function rowsAsked({ endpoints }: Pick<RunData, 'endpoints'>, name: string | undefined): EndpointData[] {
  return [...endpoints].flatMap(([each, row]) => (name === undefined || each === name ? [row] : []));
}

function within<Window>(windows: ReadonlyMap<number, Window> | undefined, { first, end }: Seconds): Window[] {
  return [...(windows ?? [])].flatMap(([second, window]) => (second >= first && second < end ? [window] : []));
}

function sum<Window>(windows: readonly Window[], count: (window: Window) => number): number {
  return windows.reduce((all, window) => all + count(window), 0);
}
