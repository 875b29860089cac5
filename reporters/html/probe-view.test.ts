import { expect } from '@playwright/test';
import { emptyProbe, type ProbeRound } from '../../load/measure/probe-data.ts';
import { summarizeProbe } from '../../load/measure/probe-summary.ts';
import { test } from '../../testing/plain-test.ts';
import { maxFailures, probeViews } from './probe-view.ts';

/** A page whose rounds failed so. */
function viewOf(rounds: readonly Pick<ProbeRound, 'atMs' | 'phase' | 'failure'>[]) {
  const probe = emptyProbe(5_000);
  probe.rounds.push(...rounds.map((round) => ({ vitals: {}, actions: {}, ms: 1, ...round })));
  const [view] = probeViews([summarizeProbe('shop', probe)]);
  return view;
}

test('rounds that failed for one cause are told once, with the first of them', () => {
  const view = viewOf([
    { atMs: 9_000, phase: 'load', failure: 'page crashed' },
    { atMs: 4_000, phase: 'load', failure: 'page crashed' },
    { atMs: -5_000, phase: 'idle', failure: 'page crashed' },
    { atMs: 5_000, phase: 'load', failure: 'never loaded' },
  ]);
  expect(view?.failures).toEqual([
    { words: 'page crashed', count: 1, firstAtMs: -5_000, phase: 'idle' },
    { words: 'page crashed', count: 2, firstAtMs: 4_000, phase: 'load' },
    { words: 'never loaded', count: 1, firstAtMs: 5_000, phase: 'load' },
  ]);
});

test('of many causes the first are told, and how many rounds failed for others', () => {
  const view = viewOf(
    Array.from({ length: maxFailures + 3 }, (_, at) => ({ atMs: at, phase: 'load' as const, failure: `cause ${at}` })),
  );
  expect(view?.failures).toHaveLength(maxFailures);
  expect(view?.failuresLeftOut).toBe(3);
});

test('its single rounds are in its chart alone', () => {
  expect(viewOf([{ atMs: 0, phase: 'load' }])).not.toHaveProperty('rounds');
});
