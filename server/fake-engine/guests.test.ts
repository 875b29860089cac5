/** Requests from outside among the simulated ones, in the simulation's own time. */
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { readScrape } from '../domain/engines/scrape.ts';
import { snapshotFrom } from '../domain/engines/snapshot-from.ts';
import { speech, seedOf } from './chat-text.ts';
import { FakeEngine } from './engine.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Wish } from './simulation.ts';

function play(scenario: ScenarioName, engine: 'vllm' | 'tgi' = 'vllm') {
  let nowMs = Date.UTC(2026, 0, 1);
  const fake = new FakeEngine({ engine, scenario, seed: 1, model: 'm', speed: 1, warmUpS: 60, nowMs: () => nowMs });
  const pass = (ms: number) => {
    nowMs += ms;
    return fake.gapMs();
  };
  /** Milliseconds to the first token and to the end. */
  const answer = (wish: Wish, atMostMs = 120_000) => {
    const guest = fake.enter(wish);
    if (guest === undefined) throw new Error('the engine takes no more');
    let firstMs: number | undefined;
    for (let ms = 0; ms <= atMostMs; ms += 10) {
      if (guest.generated > 0) firstMs ??= ms;
      if (guest.over !== undefined) return { firstMs, endMs: ms, guest };
      pass(10);
    }
    return { firstMs, endMs: undefined, guest };
  };
  return { fake, pass, answer, scrape: () => readScrape(fake.page(), nowMs) };
}

const short: Wish = { promptTokens: 100, goalTokens: 10 };

test('an idle engine begins within a tick and goes on at its gap', () => {
  const { answer, fake } = play('idle');
  const { firstMs, endMs, guest } = answer({ promptTokens: 100, goalTokens: 101 });
  expect(firstMs).toBeLessThanOrEqual(50);
  expect(Number(endMs) - Number(firstMs)).toBeGreaterThan(1_900); // 100 gaps of 20 ms and a bit
  expect(Number(endMs) - Number(firstMs)).toBeLessThanOrEqual(2_080);
  expect(guest).toMatchObject({ generated: 101, over: 'done' });
  expect(fake.levels()).toMatchObject({ running: 0, kvUsedTokens: 0 });
});

test('the first token waits for the prompt: 20,000 tokens a second of what the prefix cache does not know', () => {
  const first = (promptTokens: number) => Number(play('idle').answer({ promptTokens, goalTokens: 1 }).firstMs);
  expect(first(8_000) - first(100)).toBe(200); // six tenths of it: five ticks for one
});

test('a prompt is not read before it came, however short the rest of the tick is', () => {
  const { pass, answer } = play('idle');
  pass(40);
  expect(answer({ promptTokens: 1_000, goalTokens: 1 }).firstMs).toBe(60); // 600 tokens take 30 ms, and 10 are left
});

test('the first token waits behind the queue', () => {
  const firstMs = (scenario: ScenarioName) => Number(play(scenario).answer(short).firstMs);
  expect(firstMs('healthy')).toBeLessThanOrEqual(150);
  expect(firstMs('queue_buildup')).toBeGreaterThan(5_000);
});

test('tokens come slower from a full batch, and guests fill it too', () => {
  const { fake, pass } = play('idle');
  const alone = pass(0);
  for (let n = 0; n < 40; n += 1) fake.enter({ promptTokens: 10, goalTokens: 1_000 });
  pass(50);
  expect([alone, pass(0)]).toEqual([20, 30]); // 0.25 ms for each of 40
  expect(fake.levels().running).toBe(40);
});

test('the metrics page counts guests as any request', () => {
  const { answer, scrape } = play('idle');
  const previous = scrape();
  answer(short);
  answer(short);
  expect(snapshotFrom({ engine: 'vllm', previous, current: scrape() })).toMatchObject({
    done: 2,
    failed: 0,
    aborted: 0,
  });
});

test('whoever leaves gives back its place, and is counted once', () => {
  const { fake, pass, scrape } = play('idle');
  const previous = scrape();
  const guest = fake.enter({ promptTokens: 100, goalTokens: 1_000 });
  pass(100);
  expect(fake.levels().running).toBe(1);
  if (guest !== undefined) fake.leave(guest);
  if (guest !== undefined) fake.leave(guest);
  expect(fake.levels()).toMatchObject({ running: 0, kvUsedTokens: 0 });
  pass(1_000);
  expect(snapshotFrom({ engine: 'vllm', previous, current: scrape() }).aborted).toBe(1);
});

test('a guest waits for longer than a simulated client, who goes away after a minute', () => {
  const { fake, pass } = play('idle');
  fake.roll({ changes: { '--max-num-seqs': 0 }, stage: 100 });
  fake.enter(short);
  pass(120_000);
  expect(fake.levels()).toMatchObject({ waiting: 1, running: 0 });
});

test('a process that ends loses its guests', () => {
  const { fake, pass } = play('idle');
  const guest = fake.enter(short);
  pass(50);
  fake.change('healthy');
  expect(guest?.over).toBe('lost');
});

test('a full TGI takes no guest and counts the refusal', () => {
  const { fake, pass, scrape } = play('idle', 'tgi');
  const previous = scrape();
  const taken = Array.from({ length: 130 }, () => fake.enter({ promptTokens: 10, goalTokens: 100 }));
  expect(taken.filter((guest) => guest === undefined)).toHaveLength(2); // `--max-concurrent-requests` is 128
  pass(1_000);
  expect(snapshotFrom({ engine: 'tgi', previous, current: scrape() }).overloaded).toBe(2);
});

test('one in twelve or so fails where the scenario says so', () => {
  const { answer } = play('errors');
  const failed = Array.from({ length: 200 }, () => answer({ promptTokens: 1, goalTokens: 1 }).guest.over);
  expect(failed.filter((over) => over === 'failed').length).toBeGreaterThan(5);
});

test('the same seed says the same, another one does not', () => {
  const say = (seed: number) => {
    const { ownTokens, next } = speech(seed, 300);
    return [ownTokens, Array.from({ length: 20 }, next).join('')];
  };
  expect(say(7)).toEqual(say(7));
  expect(say(7)).not.toEqual(say(8));
  expect(say(7)[1]).toMatch(/^\S+( \S+){19}$/);
  expect(seedOf('a')).not.toBe(seedOf('b'));
});
