/** vLLM that is slow for other reasons than room: prompts, drafts that are refused, the server in front, failures. */
import { promise, type Sequence } from '../sequence.ts';
import { logged, steady } from '../traffic.ts';

export const vllmSpeed: readonly Sequence[] = [
  {
    name: 'vllm-long-prompts-starve-answers',
    version: 'vLLM, a fork of 0.2x (V1)',
    source: {
      url: 'https://github.com/local-inference-lab/vllm/issues/541',
      said: 'While a prompt of 65,535 tokens is read, the answer beside it falls from 272 to 6.6 tokens a second; the cache is nearly empty. Long chunks of prompts starve decoding.',
      filledIn: 'That one such prompt follows another; the promise of 50 ms between tokens.',
    },
    layout: 'vllm-0.14',
    slos: [promise('itl_p95_s', 0.05)],
    steps: steady({ running: 2, kv: 0.05, tokensPerS: 6.6, promptPerS: 3_978, lengthReached: 1, request: { queueS: 0.05, prefillS: 16.4, decodeS: 2.4, promptTokens: 65_535, answerTokens: 20 }, seenItlS: 0.151 }), // prettier-ignore
    expect: { alarms: ['itl_slo'], hints: ['prefill_bound'], allowed: ['ttft_slo'] },
  },
  {
    name: 'vllm-short-behind-long',
    version: 'vLLM of July 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/21495',
      said: 'Short requests that arrive while a prompt of 128K tokens is read are held up until that is done, and have a very late first token.',
      filledIn:
        'The promise of 2 s to the first token, and all figures: one prompt of 128K each 30 s takes 14 s, and three short ones a second come beside it.',
    },
    layout: 'vllm-0.10',
    slos: [promise('ttft_p95_s', 2)],
    steps: steady({ running: 12, kv: 0.3, tokensPerS: 180, promptPerS: 5_000, hitShare: 0.02, stopped: 45, request: { queueS: 0.3, prefillS: 6, decodeS: 3, promptTokens: 1_600, answerTokens: 60 } }, undefined, (at) => ({ running: at % 2 === 0 ? 26 : 9 })), // prettier-ignore
    expect: { alarms: ['ttft_slo'], hints: ['prefill_bound'], allowed: ['prefix_cache_low'] },
  },
  {
    name: 'vllm-agent-reads-everything-again',
    version: 'vLLM (V1), fp8 key-value cache',
    source: {
      url: 'https://github.com/rwlove/home-ops/pull/13384',
      said: 'A flag switched the prefix cache off in silence: each step of an agent reads 96,000 tokens again at 9,900 a second, 10 s before any output; the hit rate is 0.0 % in every sample and the cache at 2 to 10 %.',
      filledIn: 'How many steps end, and their answers of 90 tokens.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 1, kv: 0.06, tokensPerS: 9, promptPerS: 9_900, hitShare: 0, stopped: 3, request: { queueS: 0.02, prefillS: 9.7, decodeS: 2.6, promptTokens: 95_993, answerTokens: 90 } }, undefined, (at) => ({ kv: 0.024 + (at % 5) * 0.017 })), // prettier-ignore
    expect: { alarms: [], hints: ['prefix_cache_low', 'prefill_bound'] },
  },
  {
    name: 'vllm-shared-prefix-shorter-than-a-block',
    version: 'vLLM 0.27.1 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/54607',
      said: 'No prompt token is ever found in the prefix cache, and that is right: the shared beginning is shorter than a block of 784 tokens. Worth knowing; no fault.',
      filledIn: 'The load: 24 requests at a time, well within the cache.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 24, kv: 0.35, tokensPerS: 1_050, promptPerS: 2_100, hitShare: 0, stopped: 90, request: { queueS: 0.01, prefillS: 0.12, decodeS: 3.6, promptTokens: 350, answerTokens: 175 } }), // prettier-ignore
    expect: { alarms: [], hints: ['prefix_cache_low'] },
  },
  {
    name: 'vllm-drafts-hardly-accepted',
    version: 'vLLM 0.20 (V1), MTP',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/41789',
      said: 'Of 3,652 drafted tokens in ten seconds 25 are accepted (0.7 %), then 15 of 1,724: drafting costs and brings nothing. It was confirmed on another card.',
      filledIn: 'That the two lines take turns for five minutes, and the requests that end.',
    },
    layout: 'vllm-0.14',
    steps: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].flatMap(() => [
      ...logged([[1436.3, 93.9, 3, 0, 36.1]], { every: 10, times: 1 }, { hitShare: 0.274, stopped: 2, drafted: 3_652, accepted: 25, request: { queueS: 0.01, prefillS: 1, decodeS: 14, promptTokens: 7_000, answerTokens: 450 } }),
      ...logged([[1401.3, 44.7, 3, 0, 41.5]], { every: 10, times: 1 }, { hitShare: 0.205, stopped: 2, drafted: 1_724, accepted: 15, request: { queueS: 0.01, prefillS: 1, decodeS: 14, promptTokens: 7_000, answerTokens: 450 } }),
    ]), // prettier-ignore
    expect: { alarms: ['speculation_low'], allowed: ['prefix_cache_low'] },
  },
  {
    name: 'vllm-images-block-the-server',
    version: 'vLLM 0.22.1 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/44688',
      said: 'Clients have 72 requests in flight, yet hardly any run and none wait, and the first token takes tens of seconds: the server in front is busy with images, before the scheduler sees a request.',
      filledIn: 'The parts of a request’s time: 28 s before the engine, 4 s in it; rates.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 4, kv: 0.08, tokensPerS: 310, promptPerS: 9_000, hitShare: 0.1, stopped: 33, request: { queueS: 0.02, prefillS: 0.5, decodeS: 3.6, hostS: 28, promptTokens: 4_100, answerTokens: 140 } }), // prettier-ignore
    expect: { alarms: ['host_bound'], allowed: ['ttft_slo'] },
  },
  {
    name: 'vllm-video-frames-on-one-core',
    version: 'vLLM of August 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/21873',
      said: 'One core is at 100 %, the card at 20 %, and 13 videos a minute get through at 868 prompt and 10 answer tokens a second: frames are made ready on the processor.',
      filledIn: 'The parts of a request’s time: 4 s before the engine, 0.9 s in it.',
    },
    layout: 'vllm-0.10',
    steps: steady({ running: 1, kv: 0.02, tokensPerS: 10, promptPerS: 867.9, stopped: 3, request: { queueS: 0.01, prefillS: 0.35, decodeS: 0.55, hostS: 4, promptTokens: 4_000, answerTokens: 46 } }, undefined, (at) => ({ running: at % 2, stopped: at % 4 === 0 ? 4 : 3 })), // prettier-ignore
    expect: { alarms: ['host_bound'] },
  },
  {
    name: 'vllm-cache-transfers-fail',
    version: 'vLLM 0.14 (V1), prefill and decode apart',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/26813',
      said: 'Where the transfer of a key-value cache fails and the policy is to fail, the request ends with the reason `error` and the client gets a 500.',
      filledIn: 'All figures: one of twelve requests ends so.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 30, kv: 0.4, tokensPerS: 1_300, promptPerS: 3_000, hitShare: 0.5, stopped: 55, failed: 5, request: { queueS: 0.01, prefillS: 0.1, decodeS: 7, promptTokens: 800, answerTokens: 350 } }), // prettier-ignore
    expect: { alarms: ['errors'] },
  },
];
