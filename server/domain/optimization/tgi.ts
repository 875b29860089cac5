/** TGI's settings, after the reference of its launcher. */
import { skip, to, turnGiven, turnNumber, type Remedy } from './remedy.ts';
import { tryNumber, tryQuantization } from './tries.ts';
import { doubled, eightBitCache, moreAtOnce, moreMemory, whenPrefillBound } from './turns.ts';

const launcher = 'https://huggingface.co/docs/text-generation-inference/reference/launcher';

const concurrent = '--max-concurrent-requests';
const factor = 1.5;
const ratio = '--waiting-served-ratio';
/** The launcher's own default since 2.0.2; older ones wait four times as long before they let requests in. */
const eager = 0.3;
const graphs = '--cuda-graphs';

export const tgiRemedies: readonly Remedy[] = [
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['capacity_limited'],
    reference: launcher,
    risk: 'answers may change: check quality; the engine does not start where its attention does not know it (flashdecoding; in 2.4 all but flashinfer)',
    turn: eightBitCache('fp8_e4m3fn'),
  },
  {
    flag: '--cuda-memory-fraction',
    kind: 'set',
    rules: ['capacity_limited'],
    reference: launcher,
    risk: 'less headroom: other processes on the accelerator may run it out of memory',
    turn: moreMemory('--cuda-memory-fraction', 0.05),
  },
  {
    flag: '--max-batch-size',
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['capacity_limited'],
    trades: ['itl_slo'],
    reference: launcher,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: moreAtOnce('--max-batch-size', factor),
  },
  {
    flag: concurrent,
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['capacity_limited'],
    reference: launcher,
    risk: 'requests that were refused at once may wait long instead',
    turn: turnNumber(concurrent, (current, { finding, constraints: { max_concurrency: most } }) => {
      if (finding.cause !== 'engine_full') return skip('no request was refused for lack of a place');
      const target = Math.min(most, Math.ceil(current * factor));
      return target <= current ? skip(`\`${concurrent}\` is at ${current} already, allowed are ${most}`) : to(target);
    }),
  },
  {
    flag: ratio,
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['capacity_limited'],
    trades: ['itl_slo'],
    reference: launcher,
    risk: 'running requests pause more often while prompts of waiting ones are read',
    turn: turnNumber(ratio, (current) =>
      current <= eager ? skip(`\`${ratio}\` is at ${current} already`) : to(eager),
    ),
  },
  {
    flag: '--max-batch-prefill-tokens',
    kind: 'evaluate',
    rules: ['ttft_slo', 'prefill_bound'],
    reference: launcher,
    risk: 'takes the most memory of all; the engine refuses less than `--max-input-tokens` where it does not cut prompts, and more than its cache holds',
    turn: whenPrefillBound(tryNumber('--max-batch-prefill-tokens')),
  },
  {
    flag: graphs,
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: launcher,
    risk: 'graphs take memory of the accelerator and time at the start',
    turn: turnGiven(graphs, (current) =>
      String(current).trim() === '0' ? to(null) : skip(`\`${graphs}\` is not \`0\`, so there are graphs`),
    ),
  },
  {
    flag: '--validation-workers',
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: launcher,
    risk: 'needs spare processors',
    turn: tryNumber('--validation-workers'),
  },
  {
    flag: '--speculate',
    kind: 'evaluate',
    rules: ['speculation_low'],
    reference: launcher,
    risk: 'fewer tokens at a time may be slower with few requests: measure both',
    turn: tryNumber('--speculate'),
  },
  {
    flag: '--num-shard',
    kind: 'scale',
    rules: ['capacity_limited'],
    reference: launcher,
    risk: 'needs twice the accelerators; communication between them costs time',
    turn: doubled('--num-shard'),
  },
  {
    flag: '--quantize',
    kind: 'evaluate',
    rules: ['capacity_limited'],
    reference: launcher,
    risk: 'another model in effect: only after an evaluation of its answers',
    turn: tryQuantization('--quantize'),
  },
];
