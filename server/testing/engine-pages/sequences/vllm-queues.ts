/** vLLM that admits too little, or does nothing at all. */
import type { Sequence } from '../sequence.ts';
import { logged, steady } from '../traffic.ts';

export const vllmQueues: readonly Sequence[] = [
  {
    name: 'vllm-adapters-one-at-a-time',
    version: 'vLLM of December 2024 (V0), LoRA',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/11517',
      said: 'One request runs and three are pending although the cache is at 3 %: the instance has room and does not use it.',
      filledIn:
        'That it goes on for five minutes; the requests that end; the gauges of adapters (`max_lora="1"`, as in pull request 13303).',
    },
    layout: 'vllm-0.7',
    dress: 'adapters',
    steps: logged([[0, 45.7, 1, 3, 3.1], [22, 44.8, 1, 3, 3.4], [0, 45.9, 1, 3, 3.9]], { every: 15, times: 20 }, { stopped: 1, request: { queueS: 45, prefillS: 0.3, decodeS: 14, promptTokens: 330, answerTokens: 640 } }), // prettier-ignore
    expect: { alarms: ['admission_limited'] },
  },
  {
    name: 'vllm-three-of-a-hundred',
    version: 'vLLM of October 2024 (V0), chunked prefill',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/9802',
      said: 'A hundred requests are sent at once, and never more than three run although 52 of the longest would fit and 512 are allowed.',
      filledIn: 'Cache (4 %), prompt lengths and rates; answers of 16 tokens are from the issue.',
    },
    layout: 'vllm-0.6',
    steps: steady({ running: 3, waiting: 90, kv: 0.04, tokensPerS: 14, promptPerS: 9_800, lengthReached: 13, request: { queueS: 70, prefillS: 1.2, decodeS: 0.4, promptTokens: 11_000, answerTokens: 16 } }, undefined, (at) => ({ waiting: 97 - at * 2 })), // prettier-ignore
    expect: { alarms: ['admission_limited'], allowed: ['prefill_bound'] },
  },
  {
    name: 'vllm-prefill-only-saturates',
    version: 'vLLM 0.14 (V1)',
    source: {
      url: 'https://github.com/llm-d/llm-d-autoscaling/issues/662',
      said: 'With 6,000-token prompts and 2-token answers at 8 requests a second the queue grows without end while about 20 run and the cache stays at 32 %: the instance is saturated, and the cache does not show it.',
      filledIn: 'The rate that gets through (6.5 a second) and the times that follow.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 20, kv: 0.32, tokensPerS: 13, promptPerS: 39_000, lengthReached: 97, request: { queueS: 14, prefillS: 2.6, decodeS: 0.1, promptTokens: 6_000, answerTokens: 2 } }, undefined, (at) => ({ waiting: 22 * (at + 1) })), // prettier-ignore
    expect: { alarms: [['admission_limited', 'prefill_bound']], allowed: ['admission_limited', 'prefill_bound'] },
  },
  {
    name: 'vllm-eight-of-thirty-two',
    version: 'vLLM 0.25.1 (V1), speech',
    source: {
      url: 'https://github.com/vllm-project/vllm-omni/pull/5071',
      said: 'A lower `max_num_seqs` made throughput fall. Measured with 32 clients: with 8 the first packet comes after 2.51 s and the whole after 3.5 s, with 32 the first after 1.07 s, and a third more is done.',
      filledIn: 'The cache (12 %, of 6 GiB) and lengths in tokens; that the clients go on for five minutes.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 8, waiting: 24, kv: 0.12, tokensPerS: 780, promptPerS: 450, stopped: 120, request: { queueS: 2.4, prefillS: 0.1, decodeS: 1, promptTokens: 56, answerTokens: 98 } }), // prettier-ignore
    expect: { alarms: ['admission_limited'] },
  },
  {
    name: 'vllm-larger-than-the-whole-cache',
    version: 'vLLM 0.19 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/39734',
      said: 'A request of about 100K tokens is accepted though the cache holds 76,640: nothing runs, it waits for ever, and all that come after it are blocked. The scheduler is in a deadlock until the client gives up.',
      filledIn: 'How many come after it: one each minute.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 0, waiting: 1, kv: 0 }, undefined, (at) => ({ waiting: 1 + Math.floor(at / 4) })),
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'vllm-stuck-with-full-cache',
    version: 'vLLM of February 2024 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/2731',
      said: 'From one moment on no token is produced and nothing ends, though 35 requests run and 115 wait; health and metrics still answer. The loop of the engine is stuck.',
      filledIn: 'The page is the one of 0.6.',
    },
    layout: 'vllm-0.6',
    steps: logged([[0, 0, 35, 115, 99]], { every: 15, times: 20 }),
    // That the cache is full and requests wait is true as well.
    expect: { alarms: ['stalled'], allowed: ['capacity_limited'] },
  },
  {
    name: 'vllm-first-request-never-moves',
    version: 'vLLM of May 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/17972',
      said: 'After its first requests the server hangs: one request runs, and minute after minute neither prompt nor answer makes a token.',
      filledIn: 'Nothing but the length of five minutes.',
    },
    layout: 'vllm-0.8-v1',
    steps: logged([[0, 0, 1, 0, 0]], { every: 10, times: 30 }),
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'vllm-scheduler-deadlock',
    version: 'vLLM of June 2026 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/45414',
      said: 'Nothing runs, five or six requests wait, cache and throughput are 0, for nine minutes and more. The scheduler is in a deadlock; probes answer.',
      filledIn: 'Nothing but the times of pages.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 0, waiting: 5, kv: 0 }, undefined, (at) => ({ waiting: at < 8 ? 5 : 6 })),
    // `admission_limited` is not allowed: no limit on how many may run holds back an engine that runs none.
    expect: { alarms: ['stalled'] },
  },
];
