/**
 * Compares the list route of two agents whose difference is known, many times, as any load test would; a regression
 * fails it.
 */
import { test } from '../../load/index.ts';
import { type ComparisonEnd, comparisons, progressMark } from './jobs.ts';

/** As short as a comparison can be, with a tolerance of half of what must not slip through, and hardly a floor. */
const shortBlocks = {
  rate: '100/s',
  block: '1s',
  pairs: 7,
  metrics: ['p50'],
  tolerance: { p50: '7%' },
  floor: '0.1ms',
} as const;

test('comparisons', async ({ load }) => {
  const { a, b, times, limitMs } = comparisons.ask();
  const endsAtMs = performance.now() + limitMs;
  const ends: ComparisonEnd[] = [];
  while (ends.length < times && performance.now() < endsAtMs) {
    const { verdict, sentence, metrics, pairs } = await load.compare(
      { a, b, ...shortBlocks, name: `${ends.length + 1} of ${times}` },
      ({ request }) => request.get('/api/v1/workflows?limit=100'),
      { warmUp: '200ms' },
    );
    const [p50] = metrics;
    ends.push({
      verdict,
      pairs: pairs.length,
      ...(p50 !== undefined && { p50: { ratio: p50.ratio, detectable: p50.detectable } }),
    });
    process.stdout.write(`${progressMark}${ends.length} of ${times}: ${verdict}, ${sentence}\n`);
  }
  comparisons.answer(ends);
});
