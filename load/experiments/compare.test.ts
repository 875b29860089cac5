import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { LoadRun } from '../load-run.ts';
import type { Finding } from '../measure/finding.ts';
import { compareServers } from './compare.ts';
import type { ComparisonQuestion } from './comparison-question.ts';
import type { Laboratory } from './experiment.ts';

const [a, b] = ['http://127.0.0.1:8002', 'http://127.0.0.1:8003'];

interface Block {
  readonly side: 'a' | 'b';
  /** Of this side, from 0; the first is the warm-up. */
  readonly turn: number;
}

/** Each block has ten answers of so many milliseconds, or whatever else is said. */
type Server = (block: Block) => number | SampleParts;

const ten = (ms: number, status: number | 'reset' = 200): SampleParts => ({
  requests: Array.from({ length: 10 }, () => ({ path: '/', ms, status: status === 'reset' ? undefined : status })),
});

async function compared(server: Server, more: Partial<ComparisonQuestion> = {}) {
  const sent: ('a' | 'b')[] = [];
  const told: Finding[] = [];
  const names: (string | undefined)[] = [];
  const laboratory: Laboratory = {
    once: () => false,
    load: async (_profile, _scenario, { name }, aim) => {
      const side = aim?.baseURL === a ? 'a' : 'b';
      const block = server({ side, turn: sent.filter((each) => each === side).length });
      sent.push(side);
      names.push(name);
      const parts = typeof block === 'number' ? ten(block) : block;
      return new LoadRun(
        recordRun({ ...parts, plan: { index: sent.length - 1, unjudged: true, whenSaturated: 'warn' } }),
      );
    },
    tell: (finding) => told.push(finding),
    step: async (_title, body) => body(),
  };
  const question = { a, b, rate: '10/s', pairs: 7, metrics: ['p50'], ...more } as ComparisonQuestion;
  const ended = await compareServers(laboratory, question, { scenario: () => undefined, options: {} }).catch(String);
  return { ended, told, names, sent: sent.join('') };
}

/** Warm-ups, and seven pairs; and seven more. */
const order = `ab${'abba'.repeat(3)}ab`;
const twice = `ab${'abba'.repeat(7)}`;
/** Turns of each side whose pairs now speak for the one and now for the other. */
const noisy = [20, 20, 31, 24, 40, 22, 35, 27, 50, 21, 33, 26, 44, 20, 31];
const open: Server = ({ side, turn }) => noisy[side === 'a' ? turn : noisy.length - 1 - turn] ?? 20;
const saturated: SampleParts['segment'] = {
  generator: Array.from({ length: 5 }, (_, second) => ({ second, elu: 0.99 })),
};
const onB =
  (turn: number, parts: SampleParts): Server =>
  (block) =>
    block.side === 'b' && block.turn === turn ? parts : 20;
const onA =
  (turn: number, parts: SampleParts): Server =>
  (block) =>
    block.side === 'a' && block.turn === turn ? parts : 20;

const rows: readonly {
  readonly title: string;
  readonly server: Server;
  readonly more?: Partial<ComparisonQuestion>;
  readonly sent: string;
  readonly verdict: string;
  readonly says: string;
}[] = [
  {
    title: 'equal',
    server: () => 20,
    sent: order,
    verdict: 'passed',
    says: 'b is no slower than a by more than is allowed',
  },
  {
    title: 'slower by less than the floor, which is what is said to be allowed',
    server: ({ side }) => (side === 'a' ? 0.3 : 0.5),
    sent: order,
    verdict: 'passed',
    says: '+167 % allowed; 0.3',
  },
  {
    title: 'one server twice',
    server: () => 20,
    more: { b: `${a}/` },
    sent: order,
    verdict: 'passed',
    says: 'the same server twice (A/A): b is no slower than a',
  },
  {
    title: 'slower',
    server: ({ side }) => (side === 'a' ? 20 : 26),
    sent: order,
    verdict: 'failed',
    says: 'b is slower than a: p50 +30 %',
  },
  {
    title: 'open, also with twice the pairs',
    server: open,
    sent: twice,
    verdict: 'inconclusive',
    says: 'it is open whether',
  },
  {
    title: 'open, which was to fail',
    server: open,
    more: { failOnInconclusive: true },
    sent: twice,
    verdict: 'invalid',
    says: 'over 14 pairs',
  },
  {
    title: 'open at first, clear with twice the pairs',
    server: ({ side, turn }) => (side === 'a' ? 20 : turn === 3 ? 15 : 26),
    sent: twice,
    verdict: 'failed',
    says: 'b is slower than a: p50 +30 %',
  },
  {
    title: 'no answer in the warm-up of one side',
    server: onB(0, ten(1, 'reset')),
    sent: 'ab',
    verdict: 'invalid',
    says: `b (${b}) answered nothing well (10 × ECONNRESET), in its warm-up`,
  },
  {
    title: 'b dies',
    server: onB(3, ten(1, 503)),
    sent: 'ababbaab',
    verdict: 'failed',
    says: `b (${b}) answered nothing well (10 × HTTP 503), in pair 3`,
  },
  {
    title: 'a dies',
    server: onA(2, ten(1, 'reset')),
    sent: 'ababba',
    verdict: 'invalid',
    says: `a (${a}) answered nothing well (10 × ECONNRESET), in pair 2: there is nothing to compare with`,
  },
  {
    title: 'nothing was due',
    server: onA(1, { requests: [] }),
    sent: 'aba',
    verdict: 'invalid',
    says: `a (${a}) answered nothing well, in pair 1`,
  },
  {
    title: 'b loses requests',
    server: ({ side }) =>
      side === 'a'
        ? 20
        : { requests: Array.from({ length: 10 }, (_, n) => ({ path: '/', ms: 20, status: n === 9 ? 500 : 200 })) },
    sent: order,
    verdict: 'failed',
    says: 'b loses more of its requests than a: a 0 %, b 10.0 %',
  },
  {
    title: 'a check fails on b',
    server: onB(1, { ...ten(20), checks: [['is a list', false]] }),
    sent: 'abab',
    verdict: 'failed',
    says: `the load on b (${b}) failed: `,
  },
  {
    title: 'the load on b was stopped',
    server: onB(1, { ...ten(20), segment: { stopped: 'errorRate > 50%' } }),
    sent: 'abab',
    verdict: 'failed',
    says: `the load on b (${b}) was stopped: errorRate > 50%, in pair 1`,
  },
  {
    title: 'a core was lost',
    server: onB(1, { ...ten(20), segment: { lost: ['core 2 of 2 died'] } }),
    sent: 'abab',
    verdict: 'invalid',
    says: `the load on b (${b}) is incomplete: core 2 of 2 died, in pair 1`,
  },
  {
    title: 'requests that went elsewhere',
    server: onB(0, { ...ten(20), segment: { target: { origins: [a], ownServer: false } } }),
    sent: 'ab',
    verdict: 'invalid',
    says: `the load meant for b (${b}) went to ${a}: give the scenario's requests paths`,
  },
  {
    title: 'equal, as far as a saturated generator shows',
    server: () => ({ ...ten(20), segment: saturated }),
    sent: order,
    verdict: 'invalid',
    says: 'the load generator was the bottleneck in 14 of 14 blocks: its event loop was',
  },
  {
    title: 'slower, for all that a saturated generator adds',
    server: ({ side }) => ({ ...ten(side === 'a' ? 20 : 26), segment: saturated }),
    sent: order,
    verdict: 'failed',
    says: 'b is slower than a: p50 +30 %',
  },
  {
    title: 'equal, with a generator that was saturated now and then',
    server: ({ turn }) => (turn === 2 ? { ...ten(20), segment: saturated } : 20),
    sent: order,
    verdict: 'passed',
    says: 'the load generator was the bottleneck in 2 of 14 blocks',
  },
  {
    title: 'answers that take no time',
    server: () => 0,
    sent: order,
    verdict: 'invalid',
    says: "a and b can't be compared: p50 of pair 1 is nothing on one side",
  },
];
for (const { title, server, more, sent, verdict, says } of rows) {
  test(`${title}: ${verdict}`, async () => {
    const { ended, told, sent: blocks } = await compared(server, more);
    expect(told.map(({ sentence }) => sentence)).toEqual([expect.stringContaining(says)]);
    expect(ended).toMatchObject({ verdict, sentence: told[0]?.sentence });
    expect(told).toMatchObject([{ kind: 'comparison', verdict, folds: true, runs: Array.from(sent, (_, at) => at) }]);
    expect(blocks).toBe(sent);
  });
}

test('the finding has the figures, each pair, and the estimate with its interval', async () => {
  const { told, names } = await compared(({ side }) => (side === 'a' ? 20 : 26), {
    a: { baseURL: a, name: 'main' },
    b: { baseURL: b, name: 'branch' },
    name: 'lists',
  });
  expect(names.slice(0, 4)).toEqual([
    'lists, warm-up, main',
    'lists, warm-up, branch',
    'lists, pair 1, main',
    'lists, pair 1, branch',
  ]);
  const row = { 'p50 main': 20, 'p50 branch': 26, 'p50 ratio': 1.3, 'lost main': 0, 'lost branch': 0 };
  expect(told).toEqual([
    {
      kind: 'comparison',
      name: 'lists',
      verdict: 'failed',
      sentence:
        'branch is slower than main: p50 +30 % (+30 % to +30 %, +10 % allowed; 20.0 ms to 26.0 ms); over 7 pairs 0 % in p50 would have shown',
      figures: {
        ...{ a: 'main', b: 'branch', sameServer: false, pairs: 7, aLostShare: 0, bLostShare: 0 },
        ...{ p50Outcome: 'regression', p50AMs: 20, p50BMs: 26, p50ToleranceShare: 0.1, p50AllowedShare: 0.1 },
        p50DetectableShare: expect.closeTo(0, 9),
        p50Ratio: expect.closeTo(1.3, 9),
        p50LowRatio: expect.closeTo(1.3, 9),
        p50HighRatio: expect.closeTo(1.3, 9),
      },
      runs: Array.from({ length: 16 }, (_, at) => at),
      folds: true,
      table: {
        columns: [
          { name: 'pair', unit: 'pair' },
          { name: 'p50 main', unit: 'ms' },
          { name: 'p50 branch', unit: 'ms' },
          { name: 'p50 ratio', unit: 'ratio' },
          { name: 'lost main', unit: 'share' },
          { name: 'lost branch', unit: 'share' },
        ],
        rows: Array.from({ length: 7 }, (_, at) => ({ pair: at + 1, ...row })),
      },
      chart: {
        x: { name: 'pair', unit: 'pair' },
        left: { name: 'branch over main', unit: 'ratio' },
        lines: [
          { name: 'p50', axis: 'left', style: 'points', points: Array.from({ length: 7 }, (_, at) => [at + 1, 1.3]) },
          {
            name: 'p50 of all',
            axis: 'left',
            style: 'points',
            points: [[7.3, expect.closeTo(1.3, 9), expect.closeTo(1.3, 9), expect.closeTo(1.3, 9)]],
          },
        ],
        marks: [{ on: 'left', at: 1, name: 'equal' }],
      },
    },
  ]);
});

test('a load that throws breaks the comparison off, which is told with what there is', async () => {
  const { ended, told } = await compared(({ turn }) => {
    if (turn === 2) throw new Error('the test was told to end\nat once');
    return 20;
  });
  expect(ended).toBe('Error: the test was told to end\nat once');
  expect(told).toMatchObject([
    { verdict: 'invalid', sentence: 'the comparison was broken off: the test was told to end', figures: { pairs: 1 } },
  ]);
});

test('one that throws before anything was measured tells nothing', async () => {
  const { ended, told } = await compared(() => {
    throw new Error('a wrong option');
  });
  expect({ ended, told }).toEqual({ ended: 'Error: a wrong option', told: [] });
});
