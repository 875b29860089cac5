/** TGI's flags, 2.0 to 3.3.7, each also an environment variable. Checked against its repository, as each `source` says. */
import type { Flag } from './flag.ts';

const launcher = 'launcher/src/main.rs v2.0.0 to v3.3.7';
const router = 'backends/v3/src/main.rs @ db931fc';

export const tgiFlags: readonly Flag[] = [
  {
    name: '--kv-cache-dtype',
    takes: { kind: 'choice', values: ['fp8_e4m3fn', 'fp8_e5m2'] },
    unset: { kind: 'nothing', means: 'the type of the model' },
    since: '2.4',
    restart: true,
    source: `${launcher}; server/…/layers/attention/kv_cache.py @ db931fc`,
  },
  {
    name: '--dtype',
    takes: { kind: 'choice', values: ['float16', 'bfloat16'] },
    unset: { kind: 'nothing', means: 'the type of the model' },
    restart: true,
    source: launcher,
  },
  {
    name: '--cuda-memory-fraction',
    takes: { kind: 'number', min: 0, above: true, max: 1 },
    unset: { kind: 'fixed', value: 1 },
    restart: true,
    source: launcher,
  },
  {
    name: '--max-batch-size',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'nothing', means: 'no limit but the cache' },
    restart: true,
    source: `${launcher}; ${router}`,
  },
  {
    name: '--max-concurrent-requests',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 128 },
    restart: true,
    source: launcher,
  },
  {
    name: '--waiting-served-ratio',
    takes: { kind: 'number', min: 0 },
    unset: { kind: 'varies', how: 'depends on its version (1.2 until 2.0.1, then 0.3)' },
    restart: true,
    source: launcher,
  },
  {
    name: '--max-batch-prefill-tokens',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'varies', how: 'is computed from the model and the accelerator' },
    restart: true,
    source: `${launcher}; ${router}`,
  },
  {
    name: '--num-shard',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'varies', how: 'is the number of accelerators it sees' },
    restart: true,
    source: launcher,
  },
  {
    name: '--quantize',
    takes: { kind: 'text' },
    unset: { kind: 'nothing', means: "what the model's own configuration says, which may be a quantization" },
    restart: true,
    source: launcher,
  },
  {
    name: '--speculate',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'nothing', means: 'no speculation, unless the model brings its own heads' },
    special: [{ value: 0, means: 'no speculation' }],
    restart: true,
    source: launcher,
  },
  {
    name: '--validation-workers',
    takes: { kind: 'integer', min: 1 },
    unset: { kind: 'fixed', value: 2 },
    restart: true,
    source: `${launcher}; ${router}`,
  },
  {
    name: '--cuda-graphs',
    takes: { kind: 'text' },
    unset: { kind: 'varies', how: 'depends on the quantization (usually graphs for 1, 2, 4, 8, 16 and 32 requests)' },
    special: [{ value: 0, means: 'no graphs' }],
    restart: true,
    source: launcher,
  },
];
