/** Recovers a server whose queue is worked off after a time that is known, as any load test would. */
import { arrivals, test } from '../../load/index.ts';
import { recoveries } from './jobs.ts';

test('a recovery', async ({ load }) => {
  const { url, probePerSec, stressPerSec, stressSeconds } = recoveries.ask();
  const { recoveredAfterMs, verdict, sentence } = await load.recovery(
    {
      probe: `${probePerSec}/s`,
      stress: arrivals(`${stressPerSec}/s`).for(`${stressSeconds}s`),
      within: '20s',
      floor: '20ms',
    },
    ({ request }) => request.get(url),
  );
  recoveries.answer({ verdict, sentence, ...(recoveredAfterMs !== undefined && { recoveredAfterMs }) });
});
