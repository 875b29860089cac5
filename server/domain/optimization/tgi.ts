/** TGI's settings, after the reference of its launcher. */
import { skip, to, turnNumber, type Remedy } from './remedy.ts';
import { doubled, eightBitCache, evaluateQuantization, moreAtOnce, moreMemory } from './turns.ts';

const launcher = 'https://huggingface.co/docs/text-generation-inference/reference/launcher';

const concurrent = '--max-concurrent-requests';
const factor = 1.5;

export const tgiRemedies: readonly Remedy[] = [
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['capacity_limited'],
    reference: launcher,
    risk: 'answers may change slightly; check quality',
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
    reference: launcher,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: moreAtOnce('--max-batch-size', factor),
  },
  {
    flag: concurrent,
    kind: 'set',
    rules: ['admission_limited'],
    reference: launcher,
    risk: 'requests that were refused at once may wait long instead',
    turn: turnNumber(concurrent, (current, { finding, constraints: { max_concurrency: most } }) => {
      if (finding.cause !== 'engine_full') return skip('no request was refused for lack of a place');
      const target = Math.min(most, Math.ceil(current * factor));
      return target <= current ? skip(`\`${concurrent}\` is at ${current} already, allowed are ${most}`) : to(target);
    }),
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
    turn: evaluateQuantization('--quantize'),
  },
];
