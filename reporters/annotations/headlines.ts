/** The few figures of a run that stand at the top of its test in Playwright's report, and as properties in JUnit's. */
import { percentileText } from '../../load/measure/carried.ts';
import { finished, lostOf } from '../../load/measure/counts.ts';
import { formatCount, formatPercent, formatRate } from '../../load/measure/units.ts';
import { headlineOf } from '../../load/verdict/headline.ts';
import { receivedText } from '../../load/verdict/judged-threshold.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';
import { expectedText, isTold } from '../words/thresholds.ts';

export interface Headline {
  readonly type: string;
  readonly description: string;
}

/** The verdict with what tells most; rate, errors and p95; then every threshold that p95 and rate have not said: `p99: 87.0 ms (< 100ms)`. */
export function headlines(run: ReportedRun): Headline[] {
  const { summary, judgement, data } = run;
  const { requests, throughputPerSec, successRate } = summary;
  const stats = summary.model === 'open' ? summary.responseMs : summary.serviceMs;
  const notOk = lostOf(requests);
  const name = data.plan.name === undefined ? '' : `${plainLine(data.plan.name)} `;
  const figures: Headline[] = [
    { type: 'load', description: headlineOf(summary, summary) },
    { type: 'profile', description: plainLine(summary.profile) },
    ...(throughputPerSec === undefined
      ? []
      : [{ type: 'throughput', description: `${formatRate(throughputPerSec)}${limitOf(run, 'throughput')}` }]),
    ...(successRate === undefined
      ? []
      : [
          {
            type: 'errors',
            description: `${formatPercent(notOk / finished(requests))}, ${formatCount(notOk)} of ${formatCount(finished(requests))}`,
          },
        ]),
    ...(stats === undefined
      ? []
      : [{ type: 'p95', description: `${percentileText(stats, 'p95')}${limitOf(run, 'p95')}` }]),
  ];
  const said = ['throughput', 'p95'];
  const rest = judgement.thresholds
    .filter((threshold) => isTold(threshold) && (threshold.scope !== 'run' || !said.includes(threshold.metric)))
    .map((threshold) => ({
      type: threshold.scope === 'run' ? threshold.metric : `${plainLine(threshold.scope)} ${threshold.metric}`,
      description: `${receivedText(threshold)} (${expectedText(threshold)})`,
    }));
  return [...figures, ...rest].map(({ type, description }) => ({ type: name + type, description }));
}

function limitOf({ judgement }: ReportedRun, metric: string): string {
  const threshold = judgement.thresholds.find((each) => each.scope === 'run' && each.metric === metric);
  return threshold === undefined ? '' : ` (${threshold.expected})`;
}
