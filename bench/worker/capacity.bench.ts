/** Searches for the breaking point of a server whose capacity is known, as any load test would. */
import { test } from '../../load/index.ts';
import { capacity } from './jobs.ts';

test('a breaking point', async ({ load }) => {
  const { url } = capacity.ask();
  const beganMs = performance.now();
  const { sustained, failed, limitedBy, verdict, sentence, steps } = await load.breakingPoint(
    { slo: { p95: '< 100ms', errorRate: '< 1%' }, from: '100/s', to: '800/s', step: '4s' },
    ({ request }) => request.get(url),
  );
  capacity.answer({
    ...(sustained !== undefined && { sustained }),
    ...(failed !== undefined && { failed }),
    ...(limitedBy !== undefined && { limitedBy }),
    ...{ verdict, sentence, steps: steps.length, seconds: (performance.now() - beganMs) / 1_000 },
  });
});
