/** SGLang in trouble. */
import { promise, type Sequence } from '../sequence.ts';
import { sideBySide, steady } from '../traffic.ts';

export const sglangTroubles: readonly Sequence[] = [
  {
    name: 'sglang-retracts-and-collapses',
    version: 'SGLang 0.5 (May 2026)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/26248',
      said: 'The cache is full (1.00) with four requests running and three queued; requests are retracted, and decoding falls from 429 to 20–38 tokens a second and stays there.',
      filledIn: 'One retraction each 15 s; no request ends.',
    },
    layout: 'sglang-0.5',
    steps: [
      ...steady({ running: 4, waiting: 3, kv: 1, tokensPerS: 429.5 }, { every: 15, times: 4 }),
      ...steady({ running: 3, waiting: 4, kv: 0.99, tokensPerS: 29, promptPerS: 900, preempted: 1 }, { every: 15, times: 16 }, (at) => ({ tokensPerS: 20 + (at % 4) * 6, kv: 0.97 + (at % 4) * 0.01 })),
    ], // prettier-ignore
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited'] },
  },
  {
    name: 'sglang-twelve-thousand-queued',
    version: 'SGLang 0.2 (August 2024)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/938',
      said: '1,010 requests run, 12,279 are queued, the cache is at 0.93, and 1,397 tokens a second come out: it is asked for more than it can hold.',
      filledIn: 'The requests that end; the page is the one of 0.4, the oldest that is known here.',
    },
    layout: 'sglang-0.4',
    steps: steady({ running: 1_010, waiting: 12_279, kv: 0.93, tokensPerS: 1397.13, promptPerS: 800, stopped: 40, request: { queueS: 300, prefillS: 1, decodeS: 380, promptTokens: 30, answerTokens: 520 } }, undefined, (at) => ({ waiting: 12_279 - at * 40, kv: 0.92 + (at % 3) * 0.01 })), // prettier-ignore
    expect: { alarms: ['capacity_limited'] },
  },
  {
    name: 'sglang-stops-at-399',
    version: 'SGLang 0.4 (June 2025)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/7133',
      said: 'The batch stops growing at 399 requests although 8,192 are allowed, hundreds are queued and most of the cache is free: the scheduler admits too little.',
      filledIn:
        'The cache while decoding (0.21 to 0.45) and the pace; nothing ends in this window, since answers have 8,192 tokens. Beside each gauge stands one that is NaN or infinite.',
    },
    layout: 'sglang-0.4',
    dress: 'unmeasured',
    steps: steady({ running: 399, waiting: 625, kv: 0.21, tokensPerS: 6_400 }, undefined, (at) => ({ kv: 0.21 + at * 0.012 })), // prettier-ignore
    expect: { alarms: ['admission_limited'] },
  },
  {
    name: 'sglang-prefill-never-above-15000',
    version: 'SGLang of June 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/6901',
      said: 'Of 1,024 requests with 5,000 tokens each only three are read at a time, 15,000 tokens a second, while 40 to 56 and more are queued and the cache is at 6 to 9 %: first tokens come late.',
      filledIn: 'The cache and the queue later on; that nothing ends in this window. The page is the one of 0.5.',
    },
    layout: 'sglang-0.5',
    steps: steady({ running: 10, waiting: 56, kv: 0.09, tokensPerS: 60, promptPerS: 15_000 }, { every: 15, times: 12 }, (at) => ({ running: 7 + at * 45, waiting: Math.max(40, 800 - at * 45), kv: 0.06 + at * 0.05 })), // prettier-ignore
    expect: { alarms: [['admission_limited', 'prefill_bound']], allowed: ['admission_limited', 'prefill_bound'] },
  },
  {
    name: 'sglang-fifteen-on-each-rank',
    version: 'SGLang (July 2026), eight data-parallel ranks',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/30294',
      said: 'Every rank runs 15 requests though 16 are allowed, and holds there while a request waits on each: a slot is idle.',
      filledIn: 'The cache (0.4), pace and lengths.',
    },
    layout: 'sglang-newest',
    series: ['0', '1', '2', '3', '4', '5', '6', '7'].map((rank) => ({ dp_rank: rank })),
    steps: sideBySide(Array.from({ length: 8 }, () => ({ running: 15, waiting: 1, kv: 0.4, tokensPerS: 520, promptPerS: 700, hitShare: 0.3, stopped: 8, request: { queueS: 2.4, prefillS: 0.4, decodeS: 28, promptTokens: 1_300, answerTokens: 980 } }))), // prettier-ignore
    expect: { alarms: ['admission_limited'] },
  },
  {
    name: 'sglang-queue-without-a-batch',
    version: 'SGLang (April 2026)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/24140',
      said: 'No request runs and very many are queued; somewhere the system is locked and hangs.',
      filledIn: 'The number of queued requests, growing from 180.',
    },
    layout: 'sglang-newest',
    steps: steady({ running: 0, waiting: 180, kv: 0 }, undefined, (at) => ({ waiting: 180 + at * 9 })),
    // As for vLLM's deadlock: a limit on how many may run is no reason for running none.
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'sglang-watchdog-hang',
    version: 'SGLang of June 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/7553',
      said: 'Decoding hangs with requests in the batch until the watchdog ends the process after 300 s.',
      filledIn:
        'How many run and wait; that the last throughput stays on the page, as its gauge is set by batches alone.',
    },
    layout: 'sglang-0.5',
    steps: steady({ running: 160, waiting: 12, kv: 0.62, staleTokensPerS: 2_900 }),
    // Requests do wait beside a roomy cache, but because nothing moves: to raise a limit would be the wrong advice.
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'sglang-detokenizer-behind',
    version: 'SGLang (April 2026)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/23393',
      said: 'With 1,024 requests in the batch the engine makes a token each 39 ms, and clients see one each 180 ms: tokenizer and detokenizer are the bottleneck. Without them the gap is gone.',
      filledIn: 'Cache, lengths and the requests that end.',
    },
    layout: 'sglang-newest',
    steps: steady({ running: 1_024, kv: 0.55, tokensPerS: 26_250, promptPerS: 26_000, hitShare: 0.2, stopped: 390, request: { queueS: 0.1, prefillS: 0.4, decodeS: 39, hostS: 141, promptTokens: 1_000, answerTokens: 1_000 }, seenItlS: 0.18 }), // prettier-ignore
    expect: { alarms: ['host_bound'], allowed: ['itl_slo'] },
  },
  {
    name: 'sglang-drafts-hardly-accepted',
    version: 'SGLang of November 2025, EAGLE3',
    source: {
      url: 'https://github.com/sgl-project/SpecForge/issues/310',
      said: 'With 4 steps and 24 drafted tokens the accepted length is 1.037: nearly each draft is refused, at 42 tokens a second.',
      filledIn: 'The requests that end.',
    },
    layout: 'sglang-0.5',
    steps: steady({ running: 1, kv: 0.01, tokensPerS: 41.96, promptPerS: 8, acceptLength: 1.037, stopped: 8, request: { queueS: 0.01, prefillS: 0.05, decodeS: 1.8, promptTokens: 300, answerTokens: 78 } }), // prettier-ignore
    expect: { alarms: ['speculation_low'] },
  },
  {
    name: 'sglang-16k-prompts-on-one-card',
    version: 'SGLang 0.2 (August 2024)',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/922',
      said: 'With prompts of 16K tokens the first token takes about 15 s on one card: reading the prompt is what takes the time, and is yet to be made faster.',
      filledIn: 'The promise of 5 s, the pace of answers; the page is the one of 0.4.',
    },
    layout: 'sglang-0.4',
    slos: [promise('ttft_p95_s', 5)],
    steps: steady({ running: 1, kv: 0.35, tokensPerS: 6, promptPerS: 900, stopped: 1, request: { queueS: 0.1, prefillS: 14.8, decodeS: 3, promptTokens: 16_000, answerTokens: 90 } }), // prettier-ignore
    expect: { alarms: ['ttft_slo'], hints: ['prefill_bound'] },
  },
];
