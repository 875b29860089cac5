/** SGLang and TGI, written down from the issues alone, before anybody had seen what the rules say of them. */
import { promise, type Sequence } from '../sequence.ts';
import { steady } from '../traffic.ts';

const chat = { queueS: 0.01, prefillS: 0.1, decodeS: 6, promptTokens: 700, answerTokens: 260 };
const well = { alarms: [] };

export const heldOutOthers: readonly Sequence[] = [
  {
    name: 'sglang-thirty-two-while-drafting',
    version: 'SGLang of March 2025, EAGLE',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/4759',
      said: 'With drafts throughput falls from 1,039 to 321: 32 requests run, 68 are queued, and 1 % of the cache is used. Drafting sets the limit of running requests to 32 (pull request 3986).',
      filledIn: 'The requests that end, and their lengths.',
    },
    layout: 'sglang-0.4',
    steps: steady({ running: 32, waiting: 68, kv: 0.01, tokensPerS: 321, promptPerS: 330, acceptLength: 2.54, stopped: 38, request: { queueS: 26, prefillS: 0.5, decodeS: 12, promptTokens: 128, answerTokens: 127 } }), // prettier-ignore
    expect: { alarms: ['admission_limited'], allowed: ['prefix_cache_low'] },
  },
  {
    name: 'sglang-retracts-near-full',
    version: 'SGLang of December 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/14972',
      said: 'Six requests run and five are queued at 94 % of the cache, 446 tokens a second; requests are retracted, and an allocation fails.',
      filledIn: 'One retraction a minute; one request that ends each 15 s.',
    },
    layout: 'sglang-0.5',
    steps: steady({ running: 6, waiting: 5, kv: 0.94, tokensPerS: 445, promptPerS: 30, stopped: 1, request: { queueS: 12, prefillS: 0.3, decodeS: 14, promptTokens: 200, answerTokens: 1_000 } }, undefined, (at) => ({ preempted: at % 4 === 3 ? 1 : 0, kv: 0.92 + (at % 4) * 0.02 })), // prettier-ignore
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited', 'prefix_cache_low'] },
  },
  {
    name: 'sglang-burst-of-large-prompts',
    version: 'SGLang of April 2026',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/22831',
      said: '18 prompts of 24K tokens and 11 of 2K within 200 ms: every one has its first token after 22 s, where a short one alone takes 50 ms. Prompts are in each other’s way.',
      filledIn: 'That such a burst comes each minute; the promise of 2 s; answers of 100 tokens.',
    },
    layout: 'sglang-newest',
    slos: [promise('ttft_p95_s', 2)],
    steps: steady({ running: 0, kv: 0.05 }, { every: 15, times: 20 }, (at) => [
        { running: 6, waiting: 23, kv: 0.3, tokensPerS: 20, promptPerS: 20_600 },
        { running: 20, waiting: 0, kv: 0.5, tokensPerS: 170, promptPerS: 10_300, stopped: 29, request: { queueS: 8, prefillS: 14, decodeS: 3, promptTokens: 15_600, answerTokens: 100 } },
      ][at % 4] ?? {}), // prettier-ignore
    expect: { alarms: ['ttft_slo'], hints: ['prefill_bound'], allowed: ['admission_limited', 'prefix_cache_low'] },
  },
  {
    name: 'sglang-short-behind-128k',
    version: 'SGLang of July 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/8211',
      said: 'After a prompt of 128K tokens any short request is held up until that one is read, and has a very late first token.',
      filledIn:
        'One long prompt a minute takes 20 s; two short requests a second, a third of which are held up 8 s; the promise of 2 s.',
    },
    layout: 'sglang-0.5',
    slos: [promise('ttft_p95_s', 2)],
    steps: steady({ running: 8, kv: 0.35, tokensPerS: 300, promptPerS: 3_400, stopped: 30, request: { queueS: 0.05, prefillS: 0.2, decodeS: 3, promptTokens: 1_700, answerTokens: 150 } }, undefined, (at) => (at % 3 === 0 ? { running: 20, request: { queueS: 0.1, prefillS: 8, decodeS: 3, promptTokens: 1_700, answerTokens: 150 } } : {})), // prettier-ignore
    expect: { alarms: ['ttft_slo'], hints: ['prefill_bound'], allowed: ['prefix_cache_low'] },
  },
  {
    name: 'sglang-eager-beyond-its-graphs',
    version: 'SGLang of August 2026',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/33483',
      said: 'Above 32 requests decoding goes on without graphs, four times as slow for each token, and the batch stays at 67 instead of 23. Throughput looks as ever and nothing is queued.',
      filledIn: 'The promise of 8 ms between tokens, of which 22 ms come.',
    },
    layout: 'sglang-newest',
    slos: [promise('itl_p95_s', 0.008)],
    steps: steady({ running: 67, kv: 0.02, tokensPerS: 3_000, promptPerS: 4_000, hitShare: 0.3, stopped: 480, request: { queueS: 0.01, prefillS: 0.03, decodeS: 2.1, promptTokens: 128, answerTokens: 96 } }), // prettier-ignore
    expect: { alarms: ['itl_slo'] },
  },
  {
    name: 'sglang-answers-that-are-never-sent',
    version: 'SGLang 0.5.16, two tokenizer workers',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/33858',
      said: 'Clients wait for ever after the queue ran over; on the page nothing runs and nothing is queued any more. That they wait is not on it.',
      filledIn: 'The five minutes after.',
    },
    layout: 'sglang-newest',
    steps: steady({ running: 0, kv: 0 }),
    expect: { alarms: [], hints: ['idle'] },
  },
  {
    name: 'sglang-cache-fills-until-deadlock',
    version: 'SGLang of June 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/6778',
      said: 'The cache is not given back after requests end; its use grows until nothing can go on.',
      filledIn:
        'All figures: three minutes in which it fills, then two in which five run, ten wait, and nothing moves.',
    },
    layout: 'sglang-0.4',
    steps: [
      ...steady({ running: 12, kv: 0.5, tokensPerS: 500, promptPerS: 700, hitShare: 0.3, stopped: 14, request: chat }, { every: 15, times: 12 }, (at) => ({ kv: 0.55 + at * 0.035 })),
      ...steady({ running: 5, waiting: 10, kv: 0.99, staleTokensPerS: 480 }, { every: 15, times: 8 }, (at) => ({ waiting: 10 + at * 4 })),
    ], // prettier-ignore
    expect: { alarms: ['stalled'], allowed: ['capacity_limited'] },
  },
  {
    name: 'sglang-prompts-from-the-cache',
    version: 'SGLang 0.4.6',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/6291',
      said: 'Up to 34 run, none is queued, and of each prompt of 4,000 tokens all but one come from the cache. Said to be slower than another engine, by a little; nothing is wrong.',
      filledIn: 'Pace, answers, and that it goes on for five minutes.',
    },
    layout: 'sglang-0.4',
    steps: steady({ running: 32, kv: 0.3, tokensPerS: 1_400, promptPerS: 20_000, hitShare: 0.99, stopped: 75, request: { queueS: 0.02, prefillS: 0.08, decodeS: 6.2, promptTokens: 4_000, answerTokens: 280 } }, undefined, (at) => ({ running: 28 + (at % 4) * 2, kv: 0.26 + (at % 3) * 0.04 })), // prettier-ignore
    expect: well,
  },
  {
    name: 'sglang-thirty-two-in-a-benchmark',
    version: 'SGLang of April 2026',
    source: {
      url: 'https://github.com/sgl-project/sglang/pull/22166',
      said: 'A benchmark of a faster sampler: 32 requests run, none is queued, 8 % of the cache is used, 1,635 tokens a second.',
      filledIn: 'The requests that end. No prompt is like another.',
    },
    layout: 'sglang-newest',
    steps: steady({ running: 32, kv: 0.08, tokensPerS: 1635.11, promptPerS: 1_300, hitShare: 0, stopped: 98, request: { queueS: 0.005, prefillS: 0.04, decodeS: 4.8, promptTokens: 200, answerTokens: 250 } }), // prettier-ignore
    expect: { ...well, allowed: ['prefix_cache_low'] },
  },
  {
    name: 'tgi-values-out-of-range',
    version: 'TGI 3.1.1-dev0',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/2994',
      said: 'Of requests sent side by side some fail during generation with "Value out of range".',
      filledIn: 'How many: three of each 15.',
    },
    layout: 'tgi-3',
    steps: steady({ running: 8, kv: 0.4, tokensPerS: 210, promptPerS: 300, stopped: 12, failed: 3, request: { queueS: 0.05, prefillS: 0.2, decodeS: 7, promptTokens: 350, answerTokens: 260 } }), // prettier-ignore
    expect: { alarms: ['errors'] },
  },
  {
    name: 'tgi-one-very-long-prompt',
    version: 'TGI 2.0.2',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/2348',
      said: 'While a text of 125K tokens is worked on, the health endpoint takes more than 10 s. The request itself goes its way.',
      filledIn: 'All figures: one such request after another, 40 s each.',
    },
    layout: 'tgi-2',
    steps: steady({ running: 1, kv: 0.6, tokensPerS: 8, promptPerS: 3_100, request: { queueS: 0.1, prefillS: 18, decodeS: 22, promptTokens: 31_000, answerTokens: 300 } }, undefined, (at) => ({ stopped: at % 3 === 2 ? 1 : 0 })), // prettier-ignore
    expect: { ...well, allowed: ['batch_underfilled', 'prefill_bound'] },
  },
];
