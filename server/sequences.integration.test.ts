/** Whatever is done with workflows in whatever order, the machine's rules hold; `sequences.system.test.ts` plays longer. */
import { test } from './testing/plain-test.ts';
import { playSequences } from './testing/sequences.ts';

test('no sequence of requests, steps and restarts breaks a rule', async () => {
  test.setTimeout(60_000);
  await playSequences({ runs: 6, length: 25 });
});
