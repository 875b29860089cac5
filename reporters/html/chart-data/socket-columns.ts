/** The WebSockets of a run by the second, all rows together: messages both ways, and how many were open. */
import type { RunData } from '../../../load/measure/run-data.ts';
import { summedPerSecond } from './stream-columns.ts';
import { type Column, emptyColumn, pointOf, type TimeAxis } from './time-axis.ts';

export interface SocketColumns {
  /** By the second, however fine the rest of the run is drawn. */
  readonly axis: TimeAxis;
  readonly sentPerSec: Column;
  readonly receivedPerSec: Column;
  /** The most at once within a point. */
  readonly open: Column;
}

/** Undefined where no row has sockets. */
export function socketColumns({ endpoints }: Pick<RunData, 'endpoints'>, axis: TimeAxis): SocketColumns | undefined {
  const windows = [...endpoints.values()].flatMap(({ socket }) => (socket === undefined ? [] : [socket.windows]));
  if (windows.length === 0) return undefined;
  const bySecond = new Map<number, number>();
  for (const [second, { open }] of windows.flatMap((each) => [...each]))
    bySecond.set(second, (bySecond.get(second) ?? 0) + open);
  const open = emptyColumn(axis);
  for (const [second, count] of bySecond) {
    const point = pointOf(axis, second);
    if (point >= 0 && point < axis.points) open[point] = Math.max(open[point] ?? 0, count);
  }
  return {
    axis,
    sentPerSec: summedPerSecond(axis, windows, ({ sent }) => sent),
    receivedPerSec: summedPerSecond(axis, windows, ({ received }) => received),
    open,
  };
}
