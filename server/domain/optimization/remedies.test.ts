/** What the plan may do to each flag, and that no value of it leads elsewhere. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import type { RuleId } from '../analysis/finding.ts';
import type { Engine } from '../engines/engine.ts';
import { catalogue, findFlag } from './catalogue.ts';
import { defaultConstraints, type Constraints } from './constraints.ts';
import { accepts, choiceOf, numberOf, switchOf, type Flag } from './flag.ts';
import type { Config, FlagValue } from './flags.ts';
import { KnownConfig } from './known-config.ts';
import { remedies } from './plan.ts';
import type { Remedy, Turn } from './remedy.ts';

const engines = ['vllm', 'sglang', 'tgi'] as const satisfies readonly Engine[];

/** Each remedy that changes something: for which trouble, and which way. What is to be tried aside has no way. */
const ways: Record<Engine, Record<string, string | boolean>> = {
  vllm: {
    '--gpu-memory-utilization kv_exhaustion capacity_limited': 'up',
    '--kv-cache-dtype kv_exhaustion capacity_limited': 'fp8',
    '--max-num-seqs kv_exhaustion': 'down',
    '--max-model-len kv_exhaustion': 'down',
    '--max-num-seqs admission_limited': 'up',
    '--enable-prefix-caching ttft_slo prefill_bound': true,
    '--max-num-batched-tokens ttft_slo prefill_bound': 'up',
    '--max-num-batched-tokens itl_slo': 'down',
    '--enforce-eager host_bound': false,
    '--tensor-parallel-size capacity_limited kv_exhaustion': 'up',
    '--data-parallel-size capacity_limited': 'up',
  },
  sglang: {
    '--schedule-conservativeness kv_exhaustion': 'up',
    '--mem-fraction-static kv_exhaustion capacity_limited': 'up',
    '--kv-cache-dtype kv_exhaustion capacity_limited': 'fp8_e4m3',
    '--max-running-requests admission_limited': 'up',
    '--schedule-conservativeness admission_limited': 'down',
    '--disable-radix-cache ttft_slo prefill_bound': false,
    '--chunked-prefill-size ttft_slo prefill_bound': 'up',
    '--chunked-prefill-size itl_slo': 'down',
    '--disable-cuda-graph host_bound': false,
    '--tp-size capacity_limited kv_exhaustion': 'up',
    '--dp-size capacity_limited': 'up',
  },
  tgi: {
    '--kv-cache-dtype capacity_limited': 'fp8_e4m3fn',
    '--cuda-memory-fraction capacity_limited': 'up',
    '--max-batch-size admission_limited': 'up',
    '--max-concurrent-requests admission_limited': 'up',
    '--waiting-served-ratio admission_limited': 'down',
    '--num-shard capacity_limited': 'up',
  },
};

const keyOf = ({ flag, rules }: Remedy) => [flag, ...rules].join(' ');

for (const engine of engines) {
  test(`${engine}: every change a plan can make has a way`, () => {
    const changing = remedies[engine].filter(({ kind }) => kind !== 'evaluate').map(keyOf);
    expect(Object.keys(ways[engine])).toEqual(changing);
  });
}

/** Values with which every flag is known, and leaves room on either side. */
const ordinary: Record<Engine, Config> = {
  vllm: { '--dtype': 'bfloat16', '--max-num-batched-tokens': 4_096, '--enable-chunked-prefill': true },
  sglang: { '--dtype': 'bfloat16' },
  tgi: { '--dtype': 'bfloat16' },
};

function turned(engine: Engine, remedy: Remedy, value: FlagValue, more: Partial<Constraints> = {}): Turn {
  const [rule = 'idle'] = remedy.rules;
  const numeric = findFlag(engine, remedy.flag);
  const current = numeric === undefined ? undefined : numberOf(numeric, value);
  return remedy.turn({
    config: new KnownConfig(engine, { ...ordinary[engine], [remedy.flag]: value }),
    constraints: { ...defaultConstraints, allow_shorter_context: true, ...more },
    observed: { runningMax: current?.known === true ? current.value : 100, p99Tokens: 700 },
    finding: { rule, severity: 'high', cause: causeFor(rule), slo: null, explanation: '', evidence: [] },
  });
}

function causeFor(rule: RuleId) {
  if (rule === 'ttft_slo') return 'prefill_bound';
  return rule === 'admission_limited' ? 'engine_full' : null;
}

/** What the flag gives a meaning of its own, what no engine would take, and what looks like a number or a word. */
function oddValues({ special = [], takes }: Flag): FlagValue[] {
  const words = ['', ' ', 'auto', 'None', 'nan', '-1', '0', '0.0', '1e3', '0x10', '8k', 'True', 'false'];
  const choices = takes.kind === 'choice' ? takes.values : [];
  const numbers = [NaN, Infinity, -Infinity, -1, 0, -0, 1.5, 2 ** 53];
  return [null, true, false, ...words, ...numbers, ...special.map(({ value }) => value), ...choices];
}

const anyValue: fc.Arbitrary<FlagValue> = fc.oneof(
  fc.integer({ min: -10, max: 40_000 }),
  fc.integer({ min: 1, max: 40_000 }).map(String),
  fc.integer({ min: -50, max: 200 }).map((percent) => percent / 100),
  fc.string({ maxLength: 8 }),
);

for (const engine of engines) {
  for (const remedy of remedies[engine]) {
    test(`${engine} ${keyOf(remedy)}: any value leads to a valid one the right way, or to a reason`, () => {
      const flag = findFlag(engine, remedy.flag);
      if (flag === undefined) throw new Error(`${remedy.flag} is not in the catalogue`);
      const way = ways[engine][keyOf(remedy)];
      let turns = 0;
      fc.assert(
        fc.property(anyValue, (value) => {
          const turn = turned(engine, remedy, value);
          if (turn.kind === 'skip') return /\w/.test(turn.reason);
          turns += 1;
          if (remedy.kind === 'evaluate') return turn.to === null;
          return isRight({ flag, value, to: turn.to, way });
        }),
        { numRuns: 250, examples: oddValues(flag).map((value) => [value]) },
      );
      expect(turns).toBeGreaterThan(0);
    });
  }
}

interface Checked {
  readonly flag: Flag;
  readonly value: FlagValue;
  readonly to: FlagValue;
  readonly way: FlagValue | undefined;
}

/** Asked some ten thousand times: `expect` would take more time than all the rest. */
function isRight({ flag, value, to, way }: Checked): boolean {
  switch (flag.takes.kind) {
    case 'integer':
    case 'number': {
      const before = numberOf(flag, value);
      const change = before.known ? Math.sign(Number(to) - before.value) : Number.NaN;
      return accepts(flag.takes, Number(to)) && change === (way === 'up' ? 1 : -1);
    }
    case 'switch': {
      const before = switchOf(flag, value);
      return before.known && before.value === (way !== true) && to === way;
    }
    case 'choice':
      return flag.takes.values.some((one) => one === to) && choiceOf(flag, value).known && to === way;
    case 'text':
      return false; // nothing is set to free text
  }
}

test('a cache that has fewer than 16 bits already is never given more', () => {
  for (const engine of engines)
    for (const remedy of remedies[engine].filter(({ flag }) => flag === '--kv-cache-dtype')) {
      const takes = findFlag(engine, remedy.flag)?.takes;
      const values = takes?.kind === 'choice' ? takes.values : [];
      const turning = values.filter((value) => turned(engine, remedy, value).kind === 'to');
      expect([engine, ...turning]).toEqual([
        engine,
        ...values.filter((value) => /^(?:auto|bf(?:loat)?16|float16)$/.test(value)),
      ]);
    }
});

test('memory is never raised above what is allowed, and a fraction above that is left alone', () => {
  for (const engine of engines)
    for (const remedy of remedies[engine].filter(({ flag }) => /memory|mem-fraction/.test(flag))) {
      const fraction = fc.double({ min: 0.5, max: 0.95, noNaN: true });
      const most = (value: number, max_memory_fraction: number) =>
        turned(engine, remedy, value, { max_memory_fraction });
      fc.assert(
        fc.property(fraction, fraction, (value, allowed) => {
          const turn = most(value, allowed);
          return turn.kind === 'to' ? Number(turn.to) <= allowed : value > allowed - 0.001;
        }),
      );
      expect([0.94, 0.95, 0.97, 1].map((value) => most(value, 0.95).kind)).toEqual(['to', 'skip', 'skip', 'skip']);
    }
});

test('names are written once in an engine, in small letters with dashes', () => {
  for (const engine of engines) {
    const names = catalogue[engine].flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(?:--[a-z][a-z0-9-]*|-[a-z]{1,3})$/);
  }
});
