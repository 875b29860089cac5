/** What is done with the books of a run when it is over: windows to its end, the sums that must hold, rows of nothing. */
import { accountingProblems } from './counts.ts';
import { emptyRunWindow, entry, type RunData } from './run-data.ts';

/** The run has a window for each second until its end, and none beyond in which nothing was. */
export function frameWindows(windows: RunData['windows'], fromSecond: number, seconds: number): void {
  for (let second = fromSecond; second < seconds; second++) entry(windows, second, emptyRunWindow);
  for (const [second, { scheduled, dropped, completed, errors }] of windows)
    if (second >= seconds && scheduled + dropped + completed + errors.size === 0) windows.delete(second);
}

export interface Begun {
  /** Requests of which an end was filed. */
  readonly begun: number;
  /** That were due; open model only. */
  readonly arrivals?: number;
}

/** The sums that do not hold, in words; empty when the books balance. */
export function problemsAtEnd(data: RunData, { begun, arrivals }: Begun): string[] {
  const { counts, endpoints, iterations } = data;
  const came = iterations.started + counts.dropped;
  const told = [...endpoints.values()].reduce((sum, row) => sum + row.service.count + row.failures.count, 0);
  return [
    ...accountingProblems(counts, 'run'),
    ...(arrivals === undefined || arrivals === came
      ? []
      : [`run: ${arrivals} arrivals were due, but ${iterations.started} started + ${counts.dropped} dropped`]),
    ...[...endpoints].flatMap(([name, endpoint]) => accountingProblems(endpoint.counts, name)),
    ...(told === begun ? [] : [`run: ${begun} requests are over, but ${told} latencies were recorded`]),
  ];
}

/**
 * An endpoint seen only in the warm-up is in no number, nor is a group that was always skipped. Sockets that were opened
 * before count while they are open.
 */
export function dropEmptyRows({ endpoints, groups }: Pick<RunData, 'endpoints' | 'groups'>): void {
  for (const [name, { counts, socket }] of endpoints)
    if (counts.started === 0 && socket === undefined) endpoints.delete(name);
  for (const [name, { started }] of groups) if (started === 0) groups.delete(name);
}
