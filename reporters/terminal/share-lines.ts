/** What a shard says of loads of which it sent a share: how much, and who judges. There is nothing red about a share. */
import { finished } from '../../load/measure/counts.ts';
import { shardOf } from '../../load/measure/segment-place.ts';
import { formatCount } from '../../load/measure/units.ts';
import type { ReportedRun } from '../reported-run.ts';
import { cutToColumns, plainLine } from '../words/plain-text.ts';
import { runTitle } from './run-lines.ts';
import { type Canvas, indent } from './section.ts';

/** One line for each load; nothing at all without one. */
export function shareLines(runs: readonly ReportedRun[], { paint, width }: Canvas): string[] {
  const [first] = runs;
  if (first === undefined) return [];
  const [segment] = first.data.segments;
  const shard = segment === undefined ? undefined : shardOf(segment);
  const share = shard === undefined ? 'its share' : `share ${shard.index + 1} of ${shard.of}`;
  const noun = runs.length === 1 ? '1 load' : `${formatCount(runs.length)} loads`;
  return [
    paint.bold(`${share} of ${noun} was sent; the merge of all shards judges`),
    ...runs.map(({ summary }) => {
      const sent = `${formatCount(finished(summary.requests))} requests of \`${plainLine(summary.profile)}\``;
      return indent + paint.dim(cutToColumns(`${runTitle(summary)} · ${sent}`, width - indent.length));
    }),
  ];
}
