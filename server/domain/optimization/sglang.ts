/** SGLang's settings, after its page on hyperparameter tuning. */
import { skip, to, turnNumber, type Remedy } from './remedy.ts';
import {
  chunk,
  doubled,
  eightBitCache,
  evaluateQuantization,
  moreAtOnce,
  moreMemory,
  switched,
  whenPrefillBound,
} from './turns.ts';

const tuning = 'https://docs.sglang.ai/advanced_features/hyperparameter_tuning.html';
const server = 'https://docs.sglang.ai/advanced_features/server_arguments.html';

const conservativeness = '--schedule-conservativeness';
/** The two values that the documentation names: for retractions, and for a queue beside free cache. */
const [cautious, bold] = [1.3, 0.3];

export const sglangRemedies: readonly Remedy[] = [
  {
    flag: conservativeness,
    kind: 'set',
    rules: ['kv_exhaustion'],
    reference: tuning,
    risk: 'more requests wait in the queue instead',
    turn: turnNumber(conservativeness, (current) =>
      current >= cautious ? skip(`\`${conservativeness}\` is at ${current} already`) : to(cautious),
    ),
  },
  {
    flag: '--mem-fraction-static',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: tuning,
    risk: 'less headroom: long prompts may run the accelerator out of memory',
    turn: moreMemory('--mem-fraction-static', 0.02),
  },
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: server,
    risk: 'answers may change slightly; check quality',
    turn: eightBitCache('fp8_e4m3'),
  },
  {
    flag: '--max-running-requests',
    kind: 'set',
    rules: ['admission_limited'],
    reference: server,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: moreAtOnce('--max-running-requests', 1.5),
  },
  {
    flag: conservativeness,
    kind: 'set',
    rules: ['admission_limited'],
    reference: tuning,
    risk: 'requests may be retracted when answers get long',
    turn: turnNumber(conservativeness, (current) =>
      current <= bold ? skip(`\`${conservativeness}\` is at ${current} already`) : to(bold),
    ),
  },
  {
    flag: '--disable-radix-cache',
    kind: 'set',
    rules: ['ttft_slo'],
    reference: server,
    risk: 'none known; helps only prompts that share their beginning',
    turn: whenPrefillBound(switched('--disable-radix-cache', false)),
  },
  {
    flag: '--chunked-prefill-size',
    kind: 'set',
    rules: ['ttft_slo'],
    reference: tuning,
    risk: 'more memory while prompts are read, and longer gaps between tokens',
    turn: whenPrefillBound(chunk('--chunked-prefill-size', 2, { min: 2_048, max: 16_384 })),
  },
  {
    flag: '--chunked-prefill-size',
    kind: 'set',
    rules: ['itl_slo'],
    reference: tuning,
    risk: 'first tokens come later',
    turn: chunk('--chunked-prefill-size', 0.5, { min: 2_048, max: 16_384 }),
  },
  {
    flag: '--tp-size',
    kind: 'scale',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: tuning,
    risk: 'needs twice the accelerators; communication between them costs time',
    turn: doubled('--tp-size'),
  },
  {
    flag: '--dp-size',
    kind: 'scale',
    rules: ['capacity_limited'],
    reference: server,
    risk: 'needs twice the accelerators',
    turn: doubled('--dp-size'),
  },
  {
    flag: '--quantization',
    kind: 'evaluate',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: server,
    risk: 'another model in effect: only after an evaluation of its answers',
    turn: evaluateQuantization('--quantization'),
  },
];
