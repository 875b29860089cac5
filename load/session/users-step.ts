/** Users who are set up before a load, as a step of the test, and how far they are, while that takes long. */
import { test } from '@playwright/test';
import { formatCount } from '../measure/units.ts';
import { quietlyLater } from '../resources/observing.ts';
import type { Clock } from '../run/clock.ts';
import type { Running } from '../run/run-load.ts';

const everyMs = 10_000;

export async function setUpUsers(run: Running, clock: Clock): Promise<void> {
  const over = new AbortController();
  void quietlyLater('the progress of the users', async () => {
    for (let atMs = clock.now() + everyMs; ; atMs += everyMs) {
      await clock.sleepUntil(atMs, over.signal);
      if (over.signal.aborted) return;
      process.stdout.write(`${progressOf(run)}\n`);
    }
  });
  try {
    await test.step('set up users', async () => run.setUpUsers());
  } finally {
    over.abort();
  }
}

function progressOf(run: Running): string {
  const { ready, of } = run.standing ?? { ready: 0, of: 0 };
  return `users: ${formatCount(ready)} of ${formatCount(of)} are set up`;
}
