/** Engines that are well, though some look odd: what is said of them must be nothing. */
import { promise, type Sequence } from '../sequence.ts';
import { fiveMinutes, logged, restarted, sideBySide, steady, type Request } from '../traffic.ts';

const chat: Request = { queueS: 0.01, prefillS: 0.09, decodeS: 6, promptTokens: 700, answerTokens: 260 };
const well = { alarms: [] };

export const healthyVllm: readonly Sequence[] = [
  {
    name: 'vllm-busy-and-well',
    version: 'vLLM of November 2025 (V1)',
    source: {
      url: 'https://github.com/ai-dynamo/dynamo/issues/4087',
      said: 'Before the hang that the issue is about the server is at work: 16 run, none wait, the cache is at 21 %, 1,759 prompt and 1,039 answer tokens a second.',
      filledIn: 'That it stays so for five minutes; the promise of 1 s to the first token and 50 ms between tokens.',
    },
    layout: 'vllm-0.10',
    slos: [promise('ttft_p95_s', 1), promise('itl_p95_s', 0.05)],
    steps: logged([[1759.2, 1039.3, 16, 0, 21], [1810, 1_020, 17, 0, 22.4], [1690, 1_055, 16, 0, 20.6]], fiveMinutes, { hitShare: 0.014, stopped: 60, request: { ...chat, decodeS: 3.9 } }), // prettier-ignore
    expect: { ...well, hints: ['prefix_cache_low'] },
  },
  {
    name: 'vllm-full-cache-without-trouble',
    version: 'vLLM 0.10 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/21809',
      said: 'While the cache goes from 91 to 95.8 % eight requests run, none waits, and 240 tokens a second come out as before. A full cache by itself is no trouble; that begins at 100 %.',
      filledIn: 'Nothing: the lines of the log, each 10 s.',
    },
    layout: 'vllm-0.10',
    steps: logged([[0, 239.2, 8, 0, 91.2], [0, 239.2, 8, 0, 91.6], [0, 240, 8, 0, 91.9], [0, 240.8, 8, 0, 93.9], [0, 241.6, 8, 0, 94.3], [0, 241.6, 8, 0, 94.7], [0, 240.8, 8, 0, 95], [0, 240.8, 8, 0, 95.4], [0, 240, 8, 0, 95.8]], { every: 10, times: 9 }), // prettier-ignore
    expect: well,
  },
  {
    name: 'vllm-seven-at-92-percent',
    version: 'vLLM-Ascend 0.11.0rc2 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm-ascend/issues/5859',
      said: 'Seven clients with 32K prompts run at once without a queue at 92.4 % of the cache, with 114 ms a token, hardly slower than six.',
      filledIn:
        'That it goes on for five minutes; the promise of 210 ms between tokens. Beside each gauge stands one that is NaN or infinite.',
    },
    layout: 'vllm-0.14',
    dress: 'unmeasured',
    slos: [promise('itl_p95_s', 0.21)],
    steps: steady({ running: 7, kv: 0.924, tokensPerS: 61, promptPerS: 1_960, hitShare: 0, lengthReached: 1, request: { queueS: 0.1, prefillS: 9, decodeS: 114, promptTokens: 32_000, answerTokens: 1_000 } }), // prettier-ignore
    expect: { ...well, allowed: ['prefix_cache_low', 'prefill_bound'] },
  },
  {
    name: 'vllm-thinks-for-minutes',
    version: 'vLLM 0.12.0 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/30599',
      said: 'One request seems to hang: it reasons until its limit of tokens, at 180 tokens a second. The engine does what it is asked.',
      filledIn: 'Nothing but the length of five minutes.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 1, kv: 0.006, tokensPerS: 180 }, { every: 10, times: 30 }, (at) => ({ kv: 0.003 + at * 0.0025, tokensPerS: 181 - at * 0.4 })), // prettier-ignore
    expect: { ...well, hints: [], allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-drafts-well-accepted',
    version: 'vLLM of September 2025 (V1), n-gram drafts',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/24127',
      said: 'Of 295 drafted tokens 262 are accepted (88.8 %).',
      filledIn: 'That it goes on for five minutes, and the requests that end.',
    },
    layout: 'vllm-0.10',
    steps: steady({ running: 2, kv: 0.03, tokensPerS: 62, promptPerS: 20, hitShare: 0.4, stopped: 5, drafted: 295, accepted: 262, request: { ...chat, decodeS: 3, answerTokens: 180 } }), // prettier-ignore
    expect: well,
  },
  {
    name: 'vllm-many-clients-leave',
    version: 'vLLM 0.5 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/2484',
      said: 'Many requests are logged as aborted; the clients’ timeouts are too short. Nothing is wrong with the engine.',
      filledIn: 'All figures: four of ten requests are aborted.',
    },
    layout: 'vllm-0.7',
    steps: steady({ running: 20, kv: 0.3, tokensPerS: 700, promptPerS: 900, stopped: 30, aborted: 20, request: chat }),
    expect: well,
  },
  {
    name: 'vllm-restarted-in-between',
    version: 'vLLM 0.11 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/27073',
      said: 'The cache fills to 93 % with 38 requests and none waiting; a restart sets it right.',
      filledIn: 'The minutes after the restart: 20 requests at 30 %.',
    },
    layout: 'vllm-0.10',
    steps: [
      ...logged([[0, 843.6, 38, 0, 88.5], [1386, 852.1, 38, 0, 89.8], [1386, 794.7, 39, 0, 93.2]], { every: 10, times: 12 }, { hitShare: 0.424, stopped: 20, request: { ...chat, decodeS: 11 } }),
      ...restarted(steady({ running: 20, kv: 0.3, tokensPerS: 800, promptPerS: 1_200, hitShare: 0.42, stopped: 30, request: chat }, { every: 10, times: 18 })),
    ], // prettier-ignore
    expect: well,
  },
  {
    name: 'vllm-idle',
    version: 'vLLM of March 2025 (V1), behind a router',
    source: {
      url: 'https://github.com/vllm-project/production-stack/issues/318',
      said: 'The page of an instance that has nothing to do: no request runs or waits, the cache is empty.',
      filledIn: 'What it had done before.',
    },
    layout: 'vllm-0.8-v1',
    steps: steady({ running: 0, kv: 0 }),
    expect: { ...well, hints: ['idle'] },
  },
  {
    name: 'vllm-cold-start',
    version: 'vLLM 0.14 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/31602',
      said: 'The first requests after a start or a pause take longer to their first token; those that follow are fast.',
      filledIn: 'All figures: the load rises from nothing to 24 requests in five minutes.',
    },
    layout: 'vllm-0.14',
    isNew: true,
    steps: steady({ running: 1, kv: 0.01, tokensPerS: 40, promptPerS: 100, hitShare: 0.4, stopped: 0, request: chat }, undefined, (at) => ({ running: Math.min(24, 1 + at * 2), kv: Math.min(0.3, at * 0.02), tokensPerS: 40 + at * 50, promptPerS: 100 + at * 100, stopped: at * 4, request: at < 3 ? { ...chat, prefillS: 1.4 } : chat })), // prettier-ignore
    expect: { ...well, allowed: ['prefix_cache_low', 'batch_underfilled'] },
  },
  {
    name: 'vllm-bursts',
    version: 'vLLM 0.14 (V1)',
    source: {
      url: null,
      said: 'Requests that wait a moment are what a queue is for.',
      filledIn: 'All figures: each minute a burst waits for one page of four, the promise of 3 s is kept.',
    },
    layout: 'vllm-0.14',
    slos: [promise('ttft_p95_s', 3)],
    steps: steady({ running: 60, kv: 0.6, tokensPerS: 2_300, promptPerS: 4_000, hitShare: 0.5, stopped: 130, request: { ...chat, queueS: 0.2 } }, undefined, (at) => (at % 4 === 2 ? { waiting: 30, running: 128, kv: 0.86 } : {})), // prettier-ignore
    expect: well,
  },
  {
    name: 'vllm-long-prompts-as-promised',
    version: 'vLLM of July 2025 (V0)',
    source: {
      url: 'https://github.com/tenstorrent/tt-inference-server/issues/406',
      said: 'A prompt of 4,096 tokens has its first token after 2.1 s and 24 ms a token from then on, 5.15 s in all.',
      filledIn: 'One request after another; the promise of 5 s, which is kept.',
    },
    layout: 'vllm-0.7',
    slos: [promise('ttft_p95_s', 5), promise('itl_p95_s', 0.1)],
    steps: steady({ running: 1, kv: 0.1, tokensPerS: 24.85, promptPerS: 795, stopped: 3, request: { queueS: 0.01, prefillS: 2.1, decodeS: 3.04, promptTokens: 4_096, answerTokens: 128 } }), // prettier-ignore
    expect: { ...well, allowed: ['prefill_bound', 'batch_underfilled'] },
  },
  {
    name: 'vllm-openmetrics-with-examples',
    version: 'vLLM of December 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/30972',
      said: 'A proposal, not merged: histograms carry the request that was seen last in a bucket, on a page in the OpenMetrics format.',
      filledIn: 'All figures: a busy engine that is well.',
    },
    layout: 'vllm-0.14',
    dress: 'openmetrics',
    slos: [promise('ttft_p95_s', 1)],
    steps: steady({ running: 30, kv: 0.45, tokensPerS: 1_400, promptPerS: 2_600, hitShare: 0.6, stopped: 75, request: chat }), // prettier-ignore
    expect: well,
  },
  {
    name: 'vllm-two-models-on-one-page',
    version: 'vLLM 0.14 (V1), two servers behind one address',
    source: {
      url: null,
      said: 'A page may be that of several engines; the label `model_name` tells them apart.',
      filledIn: 'All figures: a large model at work, a small one that is idle.',
    },
    layout: 'vllm-0.14',
    series: [{ model_name: 'large' }, { model_name: 'small' }],
    steps: sideBySide([
      { running: 22, kv: 0.5, tokensPerS: 900, promptPerS: 2_000, hitShare: 0.4, stopped: 50, request: chat },
      { running: 0, kv: 0 },
    ]),
    expect: well,
  },
  {
    name: 'vllm-page-of-eight-megabytes',
    version: 'vLLM 0.6 (V0), LoRA',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/13303',
      said: 'Each combination of adapters that ever ran or waited stays on the page as a series of its own.',
      filledIn:
        'That there are 25,500 of them, which makes the page nearly as large as one may be; a busy engine that is well.',
    },
    layout: 'vllm-0.7',
    dress: 'huge',
    large: true,
    steps: steady({ running: 30, kv: 0.45, tokensPerS: 1_400, promptPerS: 2_600, stopped: 300, request: chat }, { every: 60, times: 4 }), // prettier-ignore
    expect: well,
  },
];

export const healthyOthers: readonly Sequence[] = [
  {
    name: 'sglang-eight-long-answers',
    version: 'SGLang 0.4.3',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/3909',
      said: 'Eight requests with contexts of 8,000 tokens decode at 186 tokens a second, a little slower as they grow, which is what the report is about. Nothing is stuck.',
      filledIn: 'The length of five minutes, in which none of them ends.',
    },
    layout: 'sglang-0.4',
    steps: steady({ running: 8, kv: 0.12, tokensPerS: 186 }, undefined, (at) => ({ kv: 0.12 + at * 0.006, tokensPerS: 186.6 - at * 0.15 })), // prettier-ignore
    expect: { ...well, allowed: ['batch_underfilled'] },
  },
  {
    name: 'sglang-clients-leave',
    version: 'SGLang of 2025',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/13419',
      said: 'A client that closes its connection aborts its request; that is safe, and frees what the request held.',
      filledIn:
        'The share of aborted requests is that of the page in pull request 7944 (157 beside 217 that ended); levels and pace.',
    },
    layout: 'sglang-0.4',
    steps: steady({ running: 14, kv: 0.25, tokensPerS: 510, promptPerS: 160, hitShare: 0.3, stopped: 11, aborted: 8, request: { queueS: 0.02, prefillS: 0.1, decodeS: 12, promptTokens: 220, answerTokens: 420 } }), // prettier-ignore
    expect: { ...well, allowed: ['prefix_cache_low'] },
  },
  {
    name: 'sglang-priorities-beside-their-total',
    version: 'SGLang (2026), priority scheduling',
    source: {
      url: 'https://github.com/sgl-project/sglang/pull/24248',
      said: 'With priorities the gauges of running and queued requests show the total and, under the label `priority`, its parts.',
      filledIn:
        'All figures: 40 requests of two priorities, a few of which wait now and then. `fwd_occupancy` is NaN, as its default is.',
    },
    layout: 'sglang-priorities',
    steps: steady({ running: 40, kv: 0.5, tokensPerS: 2_100, promptPerS: 2_400, hitShare: 0.35, stopped: 100, request: { ...chat, answerTokens: 310 } }, undefined, (at) => ({ waiting: at % 5 === 0 ? 5 : 0 })), // prettier-ignore
    expect: well,
  },
  {
    name: 'sglang-hardly-anything-to-do',
    version: 'SGLang 0.5.1',
    source: {
      url: 'https://github.com/sgl-project/sglang/issues/13485',
      said: 'The pasted page: one request runs, one token is used, 0.84 tokens a second, nothing queued.',
      filledIn: 'That it stays so for five minutes; two short requests end.',
    },
    layout: 'sglang-0.5',
    steps: steady({ running: 1, kv: 0, tokensPerS: 0.84, promptPerS: 2, stopped: 0, request: { ...chat, promptTokens: 20, answerTokens: 12, decodeS: 0.2 } }, undefined, (at) => ({ stopped: at % 10 === 5 ? 1 : 0 })), // prettier-ignore
    expect: { ...well, allowed: ['prefix_cache_low', 'batch_underfilled'] },
  },
  {
    name: 'sglang-clients-send-too-little',
    version: 'SGLang 0.5',
    source: {
      url: 'https://github.com/sgl-project/sglang/pull/7454',
      said: 'The guide to tuning: when nothing is ever queued, clients send too slowly for the engine to be used well. A hint and no fault.',
      filledIn:
        'The figures are those of OpenClaw-RL issue 44: 6 run, the cache is at 4 %, 1,373 tokens a second, none queued; before that 60 ran.',
    },
    layout: 'sglang-0.5',
    steps: [
      ...steady({ running: 60, kv: 0.4, tokensPerS: 7_900, promptPerS: 4_000, hitShare: 0.3, stopped: 240, request: { ...chat, answerTokens: 490 } }, { every: 15, times: 4 }),
      ...steady({ running: 6, kv: 0.04, tokensPerS: 1_373, promptPerS: 700, hitShare: 0.3, stopped: 42, request: { ...chat, decodeS: 2.1, answerTokens: 490 } }, { every: 15, times: 20 }),
    ], // prettier-ignore
    expect: { ...well, hints: ['batch_underfilled'] },
  },
  {
    name: 'tgi-busy-and-well',
    version: 'TGI 3.3',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/3227',
      said: 'Of the log of a server before its error: a request waits 175 ms and is done after 667 ms.',
      filledIn: 'All else: 18 in the batch, none waiting for long.',
    },
    layout: 'tgi-3',
    steps: steady({ running: 18, kv: 0.42, tokensPerS: 640, promptPerS: 1_200, stopped: 90, request: { queueS: 0.175, prefillS: 0.2, decodeS: 3, promptTokens: 200, answerTokens: 105 } }), // prettier-ignore
    expect: well,
  },
  {
    name: 'tgi-clients-drop-their-requests',
    version: 'TGI 1.4.4',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/1733',
      said: 'Nine of ten requests of a stress test are counted as `dropped`: that is the client closing its connection after its own timeout, not the server failing.',
      filledIn: 'Levels and pace; 60 requests are sent each 10 s, as in the issue.',
    },
    layout: 'tgi-2',
    steps: steady({ running: 40, waiting: 0, kv: 0.6, tokensPerS: 1_500, promptPerS: 6_000, stopped: 9, aborted: 81, request: { queueS: 1, prefillS: 0.8, decodeS: 40, promptTokens: 1_000, answerTokens: 1_600 } }), // prettier-ignore
    expect: well,
  },
  {
    name: 'tgi-long-answers',
    version: 'TGI 3',
    source: {
      url: null,
      said: 'TGI counts the tokens of a request when it is over (`router/src/server.rs`); one that takes minutes is counted after minutes.',
      filledIn: 'All figures: six requests of which none ends in five minutes, with forward passes all the time.',
    },
    layout: 'tgi-3',
    steps: steady({ running: 6, kv: 0.55, tokensPerS: 210 }, undefined, (at) => ({ kv: 0.55 + at * 0.005 })),
    expect: { ...well, allowed: ['batch_underfilled'] },
  },
];
