/** Thresholds in words: which of them are told, and what was asked. */
import { plainLine } from '../../load/measure/plain-line.ts';
import type { JudgedThreshold } from '../../load/verdict/judge.ts';

/** `0, implied` where nobody wrote it; `< 50ms, not judged` of a load that was made smaller from outside. */
export function expectedText({ expected, implied, verdict }: JudgedThreshold): string {
  if (verdict === 'measured') return `${expected}, not judged`;
  return implied === true ? `${expected}, implied` : expected;
}

/** What its author wrote, and what is missed. */
export function isTold({ implied, verdict }: JudgedThreshold): boolean {
  return implied !== true || verdict !== 'passed';
}

/** `implied: no failed, timedOut, unfinished, dropped, exceptions`. */
export function impliedWords(thresholds: readonly JudgedThreshold[]): string | undefined {
  const met = thresholds.filter((threshold) => !isTold(threshold));
  const checks = met.filter(({ metric }) => metric === 'rate').length;
  const names = met.flatMap(({ scope, metric }) =>
    metric === 'rate' ? [] : [scope === 'run' ? metric : `${metric} of ${plainLine(scope)}`],
  );
  const parts = [
    ...(names.length === 0 ? [] : [`no ${names.join(', ')}`]),
    ...(checks === 0 ? [] : [checks === 1 ? 'its check passes' : `all ${checks} checks pass`]),
  ];
  return parts.length === 0 ? undefined : `implied: ${parts.join('; ')}`;
}
