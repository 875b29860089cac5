/** SGLang's settings, after its page on hyperparameter tuning. */
import type { KnownConfig } from './known-config.ts';
import { skip, to, turnNumber, type Remedy } from './remedy.ts';
import { tryNumber, tryQuantization, trySwitch, tryWithout } from './tries.ts';
import {
  chunk,
  doubled,
  eightBitCache,
  moreAtOnce,
  moreMemory,
  switched,
  unlessSet,
  whenPrefillBound,
} from './turns.ts';

const tuning = 'https://docs.sglang.ai/advanced_features/hyperparameter_tuning.html';
const server =
  'https://github.com/sgl-project/sglang/blob/004813e1dd464844bd92ddbca5cab8c024a75f78/docs/advanced_features/server_arguments.md';

const conservativeness = '--schedule-conservativeness';
/** The two values that the documentation names: for retractions, and for a queue beside free cache. */
const [cautious, bold] = [1.3, 0.3];
const attention = '--enable-dp-attention';

function attentionInParallel(config: KnownConfig): boolean {
  const current = config.switch(attention);
  return current.known && current.value;
}

const chunkBounds = { min: 2_048, max: 16_384 };

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
    turn: unlessSet('--max-total-tokens', moreMemory('--mem-fraction-static', 0.01)),
  },
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: 'https://docs.sglang.io/advanced_features/quantized_kv_cache.html',
    risk: 'answers may change, more so without scaling factors: check quality; without an attention kernel for it the engine gets very slow',
    turn: unlessSet('--max-total-tokens', eightBitCache('fp8_e4m3')),
  },
  {
    flag: '--max-running-requests',
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['kv_exhaustion', 'capacity_limited'],
    trades: ['itl_slo'],
    reference: server,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: moreAtOnce('--max-running-requests', 1.5),
  },
  {
    flag: conservativeness,
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['kv_exhaustion'],
    reference: tuning,
    risk: 'requests may be retracted when answers get long',
    turn: turnNumber(conservativeness, (current, { config }) => {
      if (attentionInParallel(config))
        return skip(`with \`${attention}\` the engine lowers \`${conservativeness}\` by itself`);
      return current <= bold ? skip(`\`${conservativeness}\` is at ${current} already`) : to(bold);
    }),
  },
  {
    flag: '--disable-radix-cache',
    kind: 'set',
    rules: ['ttft_slo', 'prefill_bound'],
    reference: server,
    risk: 'helps only prompts that share their beginning; old versions leave it off beside EAGLE',
    turn: whenPrefillBound(switched('--disable-radix-cache', false)),
  },
  {
    flag: '--chunked-prefill-size',
    kind: 'set',
    rules: ['ttft_slo', 'prefill_bound'],
    worsens: ['kv_exhaustion'],
    trades: ['itl_slo'],
    reference: tuning,
    risk: 'more memory while prompts are read, less for the cache, and longer gaps between tokens',
    turn: whenPrefillBound(chunk('--chunked-prefill-size', 2, chunkBounds)),
  },
  {
    flag: '--chunked-prefill-size',
    kind: 'set',
    rules: ['itl_slo'],
    trades: ['ttft_slo', 'prefill_bound'],
    reference: tuning,
    risk: 'first tokens come later',
    turn: chunk('--chunked-prefill-size', 0.5, chunkBounds),
  },
  {
    flag: '--disable-cuda-graph',
    kind: 'set',
    rules: ['host_bound'],
    worsens: ['kv_exhaustion', 'capacity_limited'],
    reference: tuning,
    risk: 'graphs take memory of the accelerator and time at the start; the model may have been set so for a reason',
    turn: switched('--disable-cuda-graph', false),
  },
  {
    flag: '--disable-overlap-schedule',
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: server,
    risk: 'some versions refuse the overlap beside speculation',
    turn: trySwitch('--disable-overlap-schedule', false),
  },
  {
    flag: '--tokenizer-worker-num',
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: 'https://github.com/sgl-project/sglang/pull/8964',
    risk: 'needs spare processors; check that keys are still asked for: versions differ',
    turn: tryNumber('--tokenizer-worker-num'),
  },
  {
    flag: '--stream-interval',
    kind: 'evaluate',
    rules: ['host_bound'],
    trades: ['itl_slo'],
    reference: server,
    risk: 'clients get several tokens at a time, less often',
    turn: tryNumber('--stream-interval'),
  },
  {
    flag: '--num-continuous-decode-steps',
    kind: 'evaluate',
    rules: ['host_bound'],
    trades: ['ttft_slo', 'prefill_bound'],
    reference: server,
    risk: 'first tokens come later',
    turn: tryNumber('--num-continuous-decode-steps'),
  },
  {
    flag: '--speculative-num-steps',
    kind: 'evaluate',
    rules: ['speculation_low'],
    reference: server,
    risk: 'goes together with `--speculative-num-draft-tokens` and `--speculative-eagle-topk`: measure',
    turn: tryNumber('--speculative-num-steps'),
  },
  {
    flag: '--speculative-algorithm',
    kind: 'evaluate',
    rules: ['speculation_low'],
    reference: server,
    risk: 'without speculation it may be slower with few requests: measure both',
    turn: tryWithout('--speculative-algorithm'),
  },
  {
    flag: '--tp-size',
    kind: 'scale',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: tuning,
    risk: 'needs twice the accelerators, and attention heads that can be shared out; communication costs time',
    turn: doubled('--tp-size'),
  },
  {
    flag: '--dp-size',
    kind: 'scale',
    rules: ['capacity_limited'],
    reference: tuning,
    risk: 'needs twice the accelerators',
    turn: (input) =>
      attentionInParallel(input.config)
        ? skip(`with \`${attention}\` the engine refuses more replicas than \`--tp-size\``)
        : doubled('--dp-size')(input),
  },
  {
    flag: '--quantization',
    kind: 'evaluate',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: tuning,
    risk: 'another model in effect: only after an evaluation of its answers',
    turn: tryQuantization('--quantization'),
  },
];
