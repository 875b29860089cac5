import { expect } from '@playwright/test';
import { runIdOf } from '../../../load/measure/run-id.ts';
import type { RunData } from '../../../load/measure/run-data.ts';
import { encodeSnapshot, type LiveSnapshot } from '../../../load/measure/snapshot.ts';
import { extrasRun } from '../../../testing/extras-run.ts';
import { test } from '../../../testing/plain-test.ts';
import { recordRun, reportedRun } from '../../../testing/recorded-run.ts';
import { LiveRuns, maxLiveRuns } from './live-runs.ts';

const data = recordRun();
const titled = (title: string) => ({ project: 'load', title: ['shop.spec.ts', title] });
const snapshot = (title: string, plan: Partial<RunData['plan']> = {}) =>
  encodeSnapshot({ ...data, plan: { ...data.plan, ...plan } }, -Infinity, titled(title));
const titlesIn = (runs: LiveRuns) => runs.views().map(({ title }) => title.at(-1));

test('runs stand in the order in which they began, whoever was heard of last', () => {
  const runs = new LiveRuns();
  for (const title of ['a', 'b', 'a', 'b', 'b', 'a', 'c', 'a']) {
    runs.apply(snapshot(title));
    expect(titlesIn(runs)).toEqual(['a', 'b', 'c'].slice(0, titlesIn(runs).length));
  }
});

test('loads of one test have their own names, and the ids that the report will give them', () => {
  const runs = new LiveRuns();
  for (const plan of [{ name: 'browse' }, { index: 1, name: 'buy' }, { index: 2 }, { index: 3 }])
    runs.apply(snapshot('shop', plan));
  const id = (...title: string[]) => runIdOf({ project: 'load', title: ['shop.spec.ts', 'shop', ...title] });
  expect(runs.views().map((view) => view.id)).toEqual([id('browse'), id('buy'), id(), `${id()}-2`]);
  expect(titlesIn(runs)).toEqual(['browse', 'buy', 'shop', 'shop']);
});

test('a run that ended is shown as it was judged, whatever comes late; one that was brought to no end says why', () => {
  const runs = new LiveRuns();
  for (const title of ['a', 'b']) runs.apply(snapshot(title));
  const id = runIdOf(titled('a'));
  const reported = reportedRun(data, { ...titled('a'), id });
  runs.testEnded(titled('a'), [reported], 'nothing came');
  runs.testEnded(titled('b'), [], 'its worker was killed');
  runs.apply(snapshot('a'));
  expect(runs.views().map(({ id: each, state }) => [each, state])).toEqual([
    [id, { kind: 'judged', verdict: reported.judgement.verdict, reason: reported.judgement.reason }],
    [runIdOf(titled('b')), { kind: 'judged', verdict: 'incomplete', reason: 'its worker was killed' }],
  ]);
});

test('streams are seen while they come: their events, first events and gaps, and how they end', () => {
  const whole = extrasRun({ seconds: 10, warmUpSeconds: 0 });
  const runs = new LiveRuns();
  runs.apply(JSON.parse(JSON.stringify(encodeSnapshot(whole, -Infinity, titled('chat')))) as LiveSnapshot);
  const [view] = runs.views();
  const book = whole.endpoints.get('GET /events')?.stream;
  expect(view?.endpoints.find(({ name }) => name === 'GET /events')?.stream).toMatchObject({
    streams: 100,
    events: book?.events,
    cut: book?.cut,
  });
  const { streams } = view?.charts ?? {};
  expect(streams?.eventsPerSec.filter((perSec) => (perSec ?? 0) > 100).length).toBeGreaterThan(5);
  expect(streams?.firstEvent.p50[5]).toBeCloseTo(200, -2);
  expect(streams?.gap.p50[5]).toBeCloseTo(50, -1);
});

test('a test that ended ends none whose title goes on where its own stops', () => {
  const runs = new LiveRuns();
  const of = (...title: string[]) => ({ project: 'load', title: ['shop.spec.ts', ...title] });
  const tell = (test: ReturnType<typeof of>, name?: string) => {
    const plan = name === undefined ? data.plan : { ...data.plan, name };
    runs.apply(encodeSnapshot({ ...data, plan }, -Infinity, test));
  };
  tell(of('checkout'), 'pays by card');
  tell(of('checkout'), 'pays by bill');
  tell(of('checkout', 'pays by card'));
  runs.testEnded(of('checkout'), [], 'gone');
  tell(of('checkout', 'pays by card'));
  expect(runs.views().map(({ title, state }) => [title.slice(1).join(' › '), state.kind])).toEqual([
    ['checkout › pays by card', 'judged'],
    ['checkout › pays by bill', 'judged'],
    ['checkout › pays by card', 'running'],
  ]);
});

test('of too many runs one that has ended goes first, and never one that goes on while there is another', () => {
  const runs = new LiveRuns();
  const many = Array.from({ length: maxLiveRuns }, (_, n) => `run ${n}`);
  for (const title of many) runs.apply(snapshot(title));
  runs.testEnded(titled('run 3'), [], 'gone');
  runs.apply(snapshot('one more'));
  expect(titlesIn(runs)).toEqual([...many.filter((title) => title !== 'run 3'), 'one more']);
});
