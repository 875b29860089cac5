/** SGLang's flags, 0.4 and newer. Checked against its repository and its pages, as each `source` says. */
import type { Flag } from './flag.ts';

const page = 'docs/advanced_features/server_arguments.md @ 004813e';
const schedule = 'srt/arg_groups/fields/schedule.py @ 001b886';
const serving = 'srt/arg_groups/fields/serving.py @ 07fca69';
const memory = 'srt/arg_groups/memory_hook.py @ 031ed82';
const model = 'srt/arg_groups/fields/model.py @ 0116c60';
const parallel = 'srt/arg_groups/fields/parallel.py @ 00ac710';
const graphs = 'srt/arg_groups/fields/exec_.py @ 01d795f';
const speculation = 'srt/arg_groups/fields/spec.py @ 015c872';

export const sglangFlags: readonly Flag[] = [
  {
    name: '--mem-fraction-static',
    takes: { kind: 'number', min: 0, above: true, max: 1 },
    unset: { kind: 'varies', how: 'is computed from the accelerator, the chunk size and the graphs' },
    restart: true,
    source: `${page}; ${memory}`,
  },
  {
    name: '--max-total-tokens',
    takes: { kind: 'integer', min: 1, suffixes: 'units' },
    unset: { kind: 'nothing', means: 'that `--mem-fraction-static` decides' },
    restart: true,
    source: `${page}; ${schedule}; github.com/sgl-project/sglang/pull/20577`,
  },
  {
    name: '--kv-cache-dtype',
    takes: {
      kind: 'choice',
      values: ['auto', 'bf16', 'bfloat16', 'fp8_e4m3', 'fp8_e5m2', 'mxfp8', 'fp4_e2m1', 'nvfp4', 'fp4_mx_block16'],
    },
    unset: { kind: 'fixed', value: 'auto' },
    restart: true,
    source: `${page}; ${model}`,
  },
  {
    name: '--dtype',
    takes: { kind: 'choice', values: ['auto', 'half', 'float16', 'bfloat16', 'float', 'float32'] },
    unset: { kind: 'fixed', value: 'auto' },
    restart: true,
    source: `${page}; ${model}`,
  },
  {
    name: '--max-running-requests',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'varies', how: 'is computed from the cache' },
    restart: true,
    source: `${page}; ${schedule}`,
  },
  {
    name: '--schedule-conservativeness',
    takes: { kind: 'number', min: 0 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: `${page}; ${schedule}`,
  },
  {
    name: '--chunked-prefill-size',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'varies', how: 'depends on the memory of the accelerator (2,048 to 16,384)' },
    special: [
      { value: -1, means: 'that prompts are read whole, without chunks' },
      { value: 0, means: 'that prompts are read whole, without chunks' },
    ],
    restart: true,
    source: `${page}; ${schedule}; ${memory}`,
  },
  {
    name: '--disable-radix-cache',
    takes: { kind: 'switch' },
    unset: { kind: 'fixed', value: false },
    restart: true,
    source: `${page}; srt/arg_groups/fields/memory.py @ 00fe477`,
  },
  {
    name: '--enable-dp-attention',
    takes: { kind: 'switch' },
    unset: { kind: 'fixed', value: false },
    restart: true,
    source: parallel,
  },
  {
    name: '--disable-cuda-graph',
    takes: { kind: 'switch' },
    unset: { kind: 'fixed', value: false },
    restart: true,
    source: graphs,
  },
  {
    name: '--disable-overlap-schedule',
    takes: { kind: 'switch' },
    unset: { kind: 'fixed', value: false },
    restart: true,
    source: schedule,
  },
  {
    name: '--tokenizer-worker-num',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 1 },
    since: '0.5',
    restart: true,
    source: `${page}; ${serving}; github.com/sgl-project/sglang/pull/8964`,
  },
  {
    name: '--stream-interval',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: `${page}; ${serving}`,
  },
  {
    name: '--num-continuous-decode-steps',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: schedule,
  },
  {
    name: '--tp-size',
    aliases: ['--tensor-parallel-size', '--tp'],
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: `${page}; ${parallel}`,
  },
  {
    name: '--dp-size',
    aliases: ['--data-parallel-size', '--dp'],
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: `${page}; ${parallel}`,
  },
  {
    name: '--quantization',
    takes: { kind: 'text' },
    unset: { kind: 'nothing', means: "what the model's own configuration says, which may be a quantization" },
    restart: true,
    source: `${page}; ${model}`,
  },
  {
    name: '--speculative-algorithm',
    takes: { kind: 'text' },
    unset: { kind: 'nothing', means: 'no speculation' },
    restart: true,
    source: `${page}; ${speculation}`,
  },
  {
    name: '--speculative-num-steps',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'varies', how: 'depends on its version and the model' },
    restart: true,
    source: `${page}; ${speculation}`,
  },
];
