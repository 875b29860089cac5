import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Engine } from '../engines/engine.ts';
import type { Config, FlagValue } from './flags.ts';
import { KnownConfig } from './known-config.ts';

const unset = (flag: string, how: string) =>
  `\`${flag}\` is not set, and what the engine takes then ${how}: set it in \`config\``;

/** What is understood of one setting: a value, or the reason why not. */
const numbers: { engine: Engine; flag: string; given: FlagValue; read: number | string }[] = [
  { engine: 'vllm', flag: '--max-num-seqs', given: 256, read: 256 },
  { engine: 'vllm', flag: '--max-num-seqs', given: '256', read: 256 },
  { engine: 'vllm', flag: '--max-num-seqs', given: ' 256 ', read: 256 },
  { engine: 'vllm', flag: '--max-num-seqs', given: '0x10', read: '`--max-num-seqs` is `0x10`, which is no number' },
  { engine: 'vllm', flag: '--max-num-seqs', given: '1e3', read: '`--max-num-seqs` is `1e3`, which is no number' },
  { engine: 'vllm', flag: '--max-num-seqs', given: '', read: '`--max-num-seqs` is ``, which is no number' },
  { engine: 'vllm', flag: '--max-num-seqs', given: true, read: '`--max-num-seqs` is `true`, which is no number' },
  { engine: 'vllm', flag: '--max-num-seqs', given: NaN, read: '`--max-num-seqs` is `NaN`, which is no number' },
  { engine: 'vllm', flag: '--max-num-seqs', given: 0, read: '`--max-num-seqs` is `0`, which the engine refuses' },
  { engine: 'vllm', flag: '--max-num-seqs', given: -4, read: '`--max-num-seqs` is `-4`, which the engine refuses' },
  { engine: 'vllm', flag: '--max-num-seqs', given: 12.5, read: '`--max-num-seqs` is `12.5`, which the engine refuses' },
  {
    engine: 'vllm',
    flag: '--max-num-seqs',
    given: null,
    read: unset('--max-num-seqs', 'depends on its version and the accelerator (256 or 1,024)'),
  },
  { engine: 'vllm', flag: '--max-model-len', given: '32k', read: 32_000 },
  { engine: 'vllm', flag: '--max-model-len', given: '32K', read: 32_768 },
  { engine: 'vllm', flag: '--max-model-len', given: '25.6k', read: 25_600 },
  {
    engine: 'vllm',
    flag: '--max-model-len',
    given: '1.5K',
    read: '`--max-model-len` is `1.5K`, which is no number',
  },
  { engine: 'vllm', flag: '--max-model-len', given: '1Ki', read: '`--max-model-len` is `1Ki`, which is no number' },
  { engine: 'sglang', flag: '--max-total-tokens', given: '1M', read: 1_000_000 },
  { engine: 'sglang', flag: '--max-total-tokens', given: '1Mi', read: 1_048_576 },
  { engine: 'sglang', flag: '--max-total-tokens', given: '25.6k', read: 25_600 },
  {
    engine: 'sglang',
    flag: '--max-total-tokens',
    given: '1m',
    read: '`--max-total-tokens` is `1m`, which is no number',
  },
  { engine: 'vllm', flag: '--max-num-seqs', given: '1k', read: '`--max-num-seqs` is `1k`, which is no number' },
  {
    engine: 'vllm',
    flag: '--max-model-len',
    given: -1,
    read: '`--max-model-len` is `-1`, and that means the longest context that fits the memory (since 0.14)',
  },
  {
    engine: 'vllm',
    flag: '--max-model-len',
    given: 'Auto',
    read: '`--max-model-len` is `Auto`, and that means the longest context that fits the memory (since 0.14)',
  },
  {
    engine: 'vllm',
    flag: '--gpu-memory-utilization',
    given: null,
    read: unset('--gpu-memory-utilization', 'depends on its version (0.9 for long, now 0.92)'),
  },
  { engine: 'vllm', flag: '--gpu-memory-utilization', given: '.9', read: 0.9 },
  {
    engine: 'vllm',
    flag: '--gpu-memory-utilization',
    given: 90,
    read: '`--gpu-memory-utilization` is `90`, which the engine refuses',
  },
  { engine: 'vllm', flag: '--tensor-parallel-size', given: null, read: 1 },
  {
    engine: 'sglang',
    flag: '--chunked-prefill-size',
    given: -1,
    read: '`--chunked-prefill-size` is `-1`, and that means that prompts are read whole, without chunks',
  },
  {
    engine: 'sglang',
    flag: '--chunked-prefill-size',
    given: '-1',
    read: '`--chunked-prefill-size` is `-1`, and that means that prompts are read whole, without chunks',
  },
  { engine: 'sglang', flag: '--schedule-conservativeness', given: 0, read: 0 },
  { engine: 'sglang', flag: '--schedule-conservativeness', given: null, read: 1 },
  { engine: 'tgi', flag: '--cuda-memory-fraction', given: null, read: 1 },
  {
    engine: 'tgi',
    flag: '--max-batch-size',
    given: null,
    read: '`--max-batch-size` is not set, and that means no limit but the cache',
  },
  { engine: 'tgi', flag: '--speculate', given: 0, read: '`--speculate` is `0`, and that means no speculation' },
];

const twice: [engine: Engine, config: Record<string, FlagValue>, agree: boolean][] = [
  ['vllm', { 'max-num-seqs': 12, '--max-num-seqs': '12' }, true],
  ['vllm', { 'max-num-seqs': 12, max_num_seqs: 16 }, false],
  ['vllm', { 'max-model-len': '32K', max_model_len: 32_768 }, true],
  ['vllm', { 'max-model-len': '32K', max_model_len: '32k' }, false],
  ['vllm', { '-tp': '2', 'tensor-parallel-size': 2 }, true],
  ['vllm', { 'enforce-eager': true, enforce_eager: 'True' }, true],
  ['vllm', { 'enforce-eager': true, '--no-enforce-eager': 'true' }, false],
  ['vllm', { 'kv-cache-dtype': 'fp8', kv_cache_dtype: 'FP8' }, false],
];
for (const [engine, config, agree] of twice) {
  test(`${JSON.stringify(config)}: the values ${agree ? 'agree' : 'do not agree'}`, () => {
    const known = new KnownConfig(engine, config);
    const [written = ''] = Object.keys(config);
    expect(known.get(known.canonical(written)) !== undefined).toBe(agree);
  });
}

for (const { engine, flag, given, read } of numbers) {
  test(`${engine} ${flag} ${JSON.stringify(given)} is read as ${String(read)}`, () => {
    const known = new KnownConfig(engine, { [flag]: given }).number(flag);
    expect(known).toEqual(typeof read === 'number' ? { known: true, value: read } : { known: false, reason: read });
  });
}

const caching = '--enable-prefix-caching';
const switches: { engine: Engine; flag: string; config: Config; read: boolean | string }[] = [
  { engine: 'vllm', flag: caching, config: { enable_prefix_caching: true }, read: true },
  { engine: 'vllm', flag: caching, config: { [caching]: 'False' }, read: false },
  { engine: 'vllm', flag: caching, config: { 'no-enable-prefix-caching': true }, read: false },
  {
    engine: 'vllm',
    flag: caching,
    config: { 'no-enable-prefix-caching': false },
    read: `the current value of \`${caching}\` is not known`,
  },
  {
    engine: 'vllm',
    flag: caching,
    config: { [caching]: true, 'no-enable-prefix-caching': true },
    read: `\`${caching}\` is in \`config\` more than once, with different values`,
  },
  {
    engine: 'vllm',
    flag: caching,
    config: { [caching]: null },
    read: unset(caching, 'depends on its version and the model (V0: off; V1: on, but for some models)'),
  },
  {
    engine: 'vllm',
    flag: caching,
    config: { [caching]: 1 },
    read: `\`${caching}\` is \`1\`, which is neither \`true\` nor \`false\``,
  },
  { engine: 'sglang', flag: '--disable-radix-cache', config: { 'disable-radix-cache': null }, read: false },
];
for (const { engine, flag, config, read } of switches) {
  test(`${engine} ${JSON.stringify(config)}: ${flag} is read as ${String(read)}`, () => {
    const known = new KnownConfig(engine, config).switch(flag);
    expect(known).toEqual(typeof read === 'boolean' ? { known: true, value: read } : { known: false, reason: read });
  });
}

const choices: [engine: Engine, value: FlagValue, read: string | null][] = [
  ['vllm', 'auto', 'auto'],
  ['vllm', null, 'auto'],
  ['vllm', 'turboquant_4bit_nc', 'turboquant_4bit_nc'],
  ['sglang', 'bf16', 'bf16'],
  ['tgi', null, null],
];
for (const [engine, value, read] of choices) {
  test(`${engine} --kv-cache-dtype ${String(value)} is read as ${String(read)}`, () => {
    const known = new KnownConfig(engine, { kv_cache_dtype: value }).choice('--kv-cache-dtype');
    expect(known).toEqual({ known: true, value: read });
  });
}

test('a cache type that the engine does not have is not understood', () => {
  for (const value of ['auto', 'int8', 16])
    expect(new KnownConfig('tgi', { 'kv-cache-dtype': value }).choice('--kv-cache-dtype')).toEqual({
      known: false,
      reason: `\`--kv-cache-dtype\` is \`${String(value)}\`, which is none of its documented values`,
    });
});

const spellings: [engine: Engine, written: string, flag: string][] = [
  ['sglang', 'tensor_parallel_size', '--tp-size'],
  ['sglang', 'tp', '--tp-size'],
  ['vllm', '-tp', '--tensor-parallel-size'],
  ['vllm', '--tp', '--tensor-parallel-size'],
  ['vllm', '-asc', '--api-server-count'],
  ['tgi', 'MAX_CONCURRENT_REQUESTS', '--max-concurrent-requests'],
];
for (const [engine, written, flag] of spellings) {
  test(`${engine}: ${written} is ${flag}`, () => {
    const config = new KnownConfig(engine, { [written]: 4 });
    expect([config.number(flag), config.get(flag), config.canonical(written)]).toEqual([
      { known: true, value: 4 },
      4,
      flag,
    ]);
  });
}
