/** vLLM's settings, in the order in which its documentation would have them tried. */
import { skip, to, type Remedy, type Way } from './remedy.ts';
import { tryNumber, tryQuantization, trySwitch, tryWithout } from './tries.ts';
import {
  chunk,
  doubled,
  eightBitCache,
  fewerAtOnce,
  moreAtOnce,
  moreMemory,
  shorterContext,
  switched,
  unlessSet,
  whenPrefillBound,
} from './turns.ts';

const tuning = 'https://docs.vllm.ai/en/stable/configuration/optimization/';
const memory = 'https://docs.vllm.ai/en/latest/configuration/conserving_memory/';
const serve = 'https://docs.vllm.ai/en/stable/cli/serve/';
const speculation = 'https://github.com/vllm-project/vllm/blob/main/docs/features/speculative_decoding/README.md';

const requests = '--max-num-seqs';
const tokens = '--max-num-batched-tokens';
const chunked = '--enable-chunked-prefill';
const context = '--max-model-len';

/** The fewest tokens in a step that any version takes by itself on a GPU: 0.6 with chunked prefill. */
const leastTokens = 512;

/** The engine does not start with more requests at once than tokens in a step. */
function withinTokens(turn: Way): Way {
  return (input) => {
    const turned = turn(input);
    if (turned.kind === 'skip' || typeof turned.to !== 'number') return turned;
    const budget = input.config.number(tokens);
    if (turned.to <= (budget.known ? budget.value : leastTokens)) return turned;
    if (!budget.known)
      return skip(`the engine refuses more requests than \`${tokens}\`, which is not known: set it in \`config\``);
    const current = input.config.number(requests);
    return current.known && budget.value > current.value
      ? to(budget.value)
      : skip(`the engine refuses more requests than \`${tokens}\`, which is ${budget.value}`);
  };
}

/** Nor with fewer tokens in a step than requests, or than the context where prompts are not cut. */
function aboveContext(turn: Way): Way {
  return (input) => {
    const turned = turn(input);
    if (turned.kind === 'skip' || typeof turned.to !== 'number') return turned;
    const { config } = input;
    const [most, longest, cut] = [config.number(requests), config.number(context), config.switch(chunked)];
    if (most.known && turned.to < most.value)
      return skip(`the engine refuses fewer tokens than \`${requests}\`, which is ${most.value}`);
    if ((cut.known && cut.value) || (longest.known && turned.to >= longest.value)) return turned;
    return cut.known
      ? skip(`without \`${chunked}\` the engine refuses less than \`${context}\``)
      : skip(`without chunked prefill the engine refuses less than \`${context}\`: set \`${chunked}\` in \`config\``);
  };
}

const chunkBounds = { min: 2_048, max: 16_384 };

export const vllmRemedies: readonly Remedy[] = [
  {
    flag: '--gpu-memory-utilization',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: tuning,
    risk: 'less headroom: other processes on the accelerator may run it out of memory',
    turn: unlessSet(
      '--kv-cache-memory-bytes',
      unlessSet('--num-gpu-blocks-override', moreMemory('--gpu-memory-utilization', 0.05)),
    ),
  },
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: 'https://docs.vllm.ai/en/latest/features/quantization/quantized_kvcache/',
    risk: 'answers may change, more so without calibrated scales: check quality; the accelerator and its attention kernels must know 8 bits, else the engine is slow or does not start',
    turn: unlessSet('--num-gpu-blocks-override', eightBitCache('fp8')),
  },
  {
    flag: requests,
    kind: 'set',
    rules: ['kv_exhaustion'],
    reference: tuning,
    risk: 'more requests wait in the queue instead',
    turn: fewerAtOnce(requests, 0.75),
  },
  {
    flag: context,
    kind: 'set',
    rules: ['kv_exhaustion'],
    reference: memory,
    risk: 'requests longer than this are refused',
    turn: shorterContext(context),
  },
  {
    flag: requests,
    kind: 'set',
    rules: ['admission_limited'],
    worsens: ['kv_exhaustion', 'capacity_limited'],
    trades: ['itl_slo'],
    reference: serve,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: withinTokens(moreAtOnce(requests, 1.5)),
  },
  {
    flag: '--enable-prefix-caching',
    kind: 'set',
    rules: ['ttft_slo', 'prefill_bound'],
    reference: serve,
    risk: 'helps only prompts that share their beginning; V0 leaves it off for models that take images',
    turn: whenPrefillBound(switched('--enable-prefix-caching', true)),
  },
  {
    flag: tokens,
    kind: 'set',
    rules: ['ttft_slo', 'prefill_bound'],
    worsens: ['kv_exhaustion'],
    trades: ['itl_slo'],
    reference: tuning,
    risk: 'longer gaps between tokens while prompts are read, and less memory for the cache',
    turn: whenPrefillBound(chunk(tokens, 2, chunkBounds)),
  },
  {
    flag: tokens,
    kind: 'set',
    rules: ['itl_slo'],
    trades: ['ttft_slo', 'prefill_bound'],
    reference: tuning,
    risk: 'first tokens come later',
    turn: aboveContext(chunk(tokens, 0.5, chunkBounds)),
  },
  {
    flag: '--enforce-eager',
    kind: 'set',
    rules: ['host_bound'],
    worsens: ['kv_exhaustion', 'capacity_limited'],
    reference: memory,
    risk: 'graphs take memory of the accelerator and time at the start; the model may have been set so for a reason',
    turn: switched('--enforce-eager', false),
  },
  {
    flag: '--async-scheduling',
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: serve,
    risk: 'older versions do not have it beside speculation or pipeline parallelism',
    turn: trySwitch('--async-scheduling', true),
  },
  {
    flag: '--api-server-count',
    kind: 'evaluate',
    rules: ['host_bound'],
    reference: tuning,
    risk: 'needs spare processors; the metrics are then those of several processes',
    turn: tryNumber('--api-server-count'),
  },
  {
    flag: '--stream-interval',
    kind: 'evaluate',
    rules: ['host_bound'],
    trades: ['itl_slo'],
    reference: serve,
    risk: 'clients get several tokens at a time, less often',
    turn: tryNumber('--stream-interval'),
  },
  {
    flag: '--speculative-config',
    kind: 'evaluate',
    rules: ['speculation_low'],
    reference: speculation,
    risk: 'fewer tokens at a time, or none, may be slower with few requests: measure both',
    turn: tryWithout('--speculative-config'),
  },
  {
    flag: '--num-speculative-tokens',
    kind: 'evaluate',
    rules: ['speculation_low'],
    reference: 'https://docs.vllm.ai/en/v0.6.3.post1/models/spec_decode.html',
    risk: 'fewer tokens at a time may be slower with few requests: measure both',
    turn: tryNumber('--num-speculative-tokens'),
  },
  {
    flag: '--tensor-parallel-size',
    kind: 'scale',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: tuning,
    risk: 'needs twice the accelerators, and attention heads that can be shared out; communication costs time',
    turn: doubled('--tensor-parallel-size'),
  },
  {
    flag: '--data-parallel-size',
    kind: 'scale',
    rules: ['capacity_limited'],
    reference: 'https://docs.vllm.ai/en/latest/serving/data_parallel_deployment/',
    risk: 'needs twice the accelerators',
    turn: doubled('--data-parallel-size'),
  },
  {
    flag: '--quantization',
    kind: 'evaluate',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: memory,
    risk: 'another model in effect: only after an evaluation of its answers',
    turn: tryQuantization('--quantization'),
  },
];
