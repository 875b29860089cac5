/** How a calibration is shown: the errors of its figures, its counts, and one line of verdict. */
import { formatFigure } from '../figure.ts';
import { alignedTable } from '../table.ts';
import { describeRow, type Row } from './rows.ts';
import { truthOf } from './truth.ts';
import { calibrationLimits, countProblems, type Figure, figuresOf, type Measurement } from './verdict.ts';

export interface Calibrated {
  readonly row: Row;
  readonly measurement: Measurement;
  readonly figures: readonly Figure[];
  readonly problems: readonly string[];
}

export const ms = (value: number) => formatFigure(value, 'ms');
export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

export function calibrated(row: Row, measurement: Measurement): Calibrated {
  return {
    row,
    measurement,
    figures: figuresOf(row, measurement),
    problems: countProblems(truthOf(row), measurement),
  };
}

export function latencyTable(all: readonly Calibrated[]): string[] {
  const heads = ['load and server', 'figure', 'true', 'server did', 'measured', 'error ms', 'error %', 'limit', ''];
  const cells = all.flatMap(({ row, figures }) =>
    figures.map(({ percent, trueMs, heldMs, measuredMs, errorMs, errorPercent, limitMs, within }) => [
      describeRow(row),
      `p${percent}`,
      ms(trueMs),
      ms(heldMs),
      ms(measuredMs),
      signed(errorMs),
      errorPercent === undefined ? '' : signed(errorPercent),
      `± ${ms(limitMs)}`,
      within ? '✓' : '✗ errs',
    ]),
  );
  return alignedTable(heads, cells, 1);
}

export function countTable(all: readonly Calibrated[]): string[] {
  const heads = [
    'load and server',
    'scheduled',
    'started',
    'ok',
    'failed',
    'timed out',
    'seen',
    'lag p50',
    'lag p99',
    '',
  ];
  const cells = all.map(({ row, measurement: { counts, held, lagMs }, problems }) => [
    describeRow(row),
    ...[counts.scheduled, counts.started, counts.ok, counts.failed, counts.timedOut, held.length].map(String),
    ...(lagMs === undefined ? ['', ''] : [ms(lagMs.p50), ms(lagMs.p99)]),
    problems.length === 0 ? '✓ exact' : `✗ ${problems.join('; ')}`,
  ]);
  return alignedTable(heads, cells, 1);
}

export interface Verdict {
  readonly right: boolean;
  readonly words: string;
}

export function verdictOf(all: readonly Calibrated[]): Verdict {
  const { closed, open, share } = calibrationLimits;
  const errs = all.flatMap(({ figures }) => figures).filter(({ within }) => !within).length;
  const wrong = all.filter(({ problems }) => problems.length > 0).length;
  if (errs === 0 && wrong === 0) {
    const limits = `medians within ${open.medianMs} ms (open) and ${closed.medianMs} ms (closed), tails within ${open.tailMs} ms and ${closed.tailMs} ms, or closed ones within ${share * 100} %`;
    return { right: true, words: `the instrument is right on this machine: ${limits}, every request accounted for` };
  }
  const said = [
    ...(errs > 0 ? [`${errs} ${errs === 1 ? 'figure errs' : 'figures err'} beyond the limit`] : []),
    ...(wrong > 0 ? [`${wrong} ${wrong === 1 ? 'row does' : 'rows do'} not add up or ran late`] : []),
  ];
  return { right: false, words: `the instrument ERRS on this machine now: ${said.join(', ')}${disturbance(all)}` };
}

/** Whose fault it may be: the engine watches its own process and tells a busy machine from a busy generator. */
function disturbance(all: readonly Calibrated[]): string {
  const disturbed = all.filter(({ measurement }) =>
    ['noisy', 'saturated', 'suspect'].includes(measurement.generator.verdict),
  );
  const [first] = disturbed;
  if (first === undefined) return '';
  return `; the generator was disturbed in ${disturbed.length} of ${all.length} rows (${first.measurement.generator.reason}): repeat it on an idle machine`;
}
