/** Runs of several kinds for a first screen: three good ones and a failed one, with tags, owners and endpoints. */
import type { Threshold } from '../load/measure/threshold.ts';
import type { ReportedRun } from '../reporters/reported-run.ts';
import { sampleReport, sampleRun } from './page-run.ts';

export const never: Threshold[] = [
  { scope: { kind: 'run' }, metric: 'p95', target: { comparison: '<', value: 1, text: '< 1ms' } },
];
export const always: Threshold[] = ['p95', 'failed', 'dropped'].map((metric) => ({
  scope: { kind: 'run' },
  metric: metric as 'p95',
  target: { comparison: '<', value: 1e9, text: '< 1000000000' },
}));

interface RunRow {
  readonly title: string;
  readonly good?: boolean;
  readonly perSecond?: number;
  readonly project?: string;
  readonly tags?: readonly string[];
  readonly owners?: readonly string[];
  readonly endpoints?: readonly string[];
}

export function runOf({ title, good = true, perSecond = 20, project = 'load', ...rest }: RunRow): ReportedRun {
  const { tags = [], owners, endpoints } = rest;
  const data = sampleRun({
    seconds: 3,
    warmUpSeconds: 0,
    extras: false,
    perSecond,
    thresholds: good ? always : never,
    ...(endpoints !== undefined && { endpoints }),
  });
  const run = sampleReport(data, ['a.spec.ts', title]);
  return { ...run, summary: { ...run.summary, project, tags, ...(owners !== undefined && { owners }) } };
}

export const fourRuns: readonly ReportedRun[] = [
  runOf({ title: 'search', perSecond: 60, tags: ['@slow'], endpoints: ['GET /search', 'GET /health'] }),
  runOf({ title: 'sign in', perSecond: 20, project: 'stress', endpoints: ['POST /session', 'GET /health'] }),
  runOf({ title: 'checkout', good: false, perSecond: 40, tags: ['@slow', '@paid'], owners: ['team-till'] }),
  runOf({ title: 'config', perSecond: 80 }),
];
