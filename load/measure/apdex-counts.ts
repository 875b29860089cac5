/** Counts requests by how they satisfy their users (Apdex Alliance, 2007), where a load says what is wanted of it. */
import type { RunData } from './run-data.ts';

export function countApdex({ apdex, plan: { apdexMs } }: RunData, isOk: boolean, ms: number): void {
  if (apdexMs === undefined) return;
  if (isOk && ms <= apdexMs) apdex.satisfied += 1;
  else if (isOk && ms <= 4 * apdexMs) apdex.tolerating += 1;
  else apdex.frustrated += 1;
}
