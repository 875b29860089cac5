/** vLLM whose key-value cache is full: requests put back, requests that wait for room. */
import type { Sequence } from '../sequence.ts';
import { logged, sideBySide, steady } from '../traffic.ts';

const longAnswers = { queueS: 0.4, prefillS: 0.6, decodeS: 40, promptTokens: 1_800, answerTokens: 900 };

export const vllmMemory: readonly Sequence[] = [
  {
    name: 'vllm-close-to-full-thrashes',
    version: 'vLLM 0.10.1.1 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/23444',
      said: 'As the cache comes close to 100 %, the number of waiting requests jumps and throughput breaks down: running requests are preempted and computed again.',
      filledIn:
        'All figures: the issue has them as a picture. Preemptions at the rate of a request a second, SLO none.',
    },
    layout: 'vllm-0.10',
    dress: 'created',
    steps: steady(
      { running: 120, waiting: 60, kv: 0.99, tokensPerS: 900, promptPerS: 2_400, stopped: 12, preempted: 15, request: { ...longAnswers, queueS: 35, decodeS: 90 } },
      undefined,
      (at) => ({ kv: [0.99, 0.997, 0.985][at % 3] ?? 0.99, waiting: 55 + (at % 7) * 4, preempted: 12 + (at % 5) * 2 }),
    ), // prettier-ignore
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited'] },
  },
  {
    name: 'vllm-eight-long-requests-run-out',
    version: 'vLLM 0.10 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/18115',
      said: 'Eight requests grow until the cache is full; from then on requests are preempted and the speed of generation breaks down. No request ends in all that time.',
      filledIn: 'The lines after 100 % (the comment describes them) and the number of preemptions: one each 10 s.',
    },
    layout: 'vllm-0.10',
    steps: [
      ...logged([[0, 240.8, 8, 0, 95.8], [0, 240, 8, 0, 97.5], [0, 240, 8, 0, 99.2]], { every: 10, times: 9 }), // prettier-ignore
      ...logged([[210, 36, 7, 1, 100], [320, 28, 6, 2, 99.6], [280, 31, 7, 1, 99.9]], { every: 10, times: 21 }, { preempted: 1 }), // prettier-ignore
    ],
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited', 'prefill_bound'] },
  },
  {
    name: 'vllm-small-model-cache-full',
    version: 'vLLM 0.4.2 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/6737',
      said: 'A small model on a large card keeps the processor at 20 %: the key-value cache is at nearly 100 % and three quarters of the requests are pending.',
      filledIn: 'The requests that end; the page is the one of 0.6, the oldest that is known here.',
    },
    layout: 'vllm-0.6',
    steps: logged(
      [[0, 2136.3, 247, 740, 99.7], [0, 1970.3, 241, 746, 99.6], [0, 2349.2, 233, 754, 99.7], [0, 2161.6, 226, 761, 99.9], [0, 2103.3, 219, 768, 100]],
      { every: 5, times: 60 },
      { lengthReached: 2, request: { queueS: 140, prefillS: 0.5, decodeS: 110, promptTokens: 600, answerTokens: 1_000 } },
    ), // prettier-ignore
    expect: { alarms: ['capacity_limited'], allowed: ['kv_exhaustion'] },
  },
  {
    name: 'vllm-36-run-78-wait',
    version: 'vLLM of March 2024 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/3561',
      said: 'How many requests run at a time is bounded by the cache: at 99.1 % the others are pending.',
      filledIn: 'That it goes on for five minutes, and the requests that end; the page is the one of 0.6.',
    },
    layout: 'vllm-0.6',
    dress: 'bare',
    steps: logged([[209.6, 567.4, 36, 78, 99.1], [180, 575, 36, 77, 98.8], [215, 560, 35, 79, 99.4]], { every: 15, times: 20 }, { stopped: 22, request: { queueS: 40, prefillS: 0.4, decodeS: 24, promptTokens: 150, answerTokens: 380 } }), // prettier-ignore
    expect: { alarms: ['capacity_limited'] },
  },
  {
    name: 'vllm-twelve-at-full-cache',
    version: 'vLLM-Ascend 0.11.0rc2 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm-ascend/issues/5859',
      said: 'Twelve clients with 32K prompts: 8 run, 4 wait, the cache is at 98.7 %, and each token takes four times as long as with seven (423 ms after 114 ms).',
      filledIn: 'That it goes on for five minutes; the times of requests follow from lengths and pace.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 8, waiting: 4, kv: 0.987, tokensPerS: 18.9, promptPerS: 600, lengthReached: 0, request: { queueS: 180, prefillS: 20, decodeS: 423, promptTokens: 32_000, answerTokens: 1_000 } }, undefined, (at) => ({ lengthReached: at % 3 === 0 ? 1 : 0 })), // prettier-ignore
    expect: { alarms: ['capacity_limited'], allowed: ['kv_exhaustion', 'prefill_bound'] },
  },
  {
    name: 'vllm-data-parallel-ranks-full',
    version: 'vLLM 0.14.0 (V1), eight ranks',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/36748',
      said: 'Of eight data-parallel ranks two are full (100 % and 98.6 %) with over a hundred requests waiting on each, while the others have room.',
      filledIn: 'Ranks 2 to 7: nearly empty; the requests that end.',
    },
    layout: 'vllm-0.14',
    series: ['0', '1', '2', '3', '4', '5', '6', '7'].map((engine) => ({ engine })),
    steps: sideBySide([
      { running: 51, waiting: 117, kv: 1, tokensPerS: 1157.2, promptPerS: 16.5, hitShare: 0.7, stopped: 14, request: longAnswers },
      { running: 31, waiting: 108, kv: 0.986, tokensPerS: 809.3, hitShare: 0.66, stopped: 10, request: longAnswers },
      ...[9, 12, 8, 14, 11, 10].map((running) => ({ running, waiting: 0, kv: 0.22, tokensPerS: 420, promptPerS: 120, hitShare: 0.68, stopped: 6, request: longAnswers })),
    ]), // prettier-ignore
    expect: { alarms: ['capacity_limited'], allowed: ['kv_exhaustion'] },
  },
  {
    name: 'vllm-queue-at-87-percent',
    version: 'vLLM of September 2024 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/8719',
      said: '16 requests run and 11 are pending at 87.1 % of the cache, with a quarter of the prompts found in it. What it is that they wait for, the log does not tell.',
      filledIn: 'That it goes on for five minutes around these figures (86 to 89 %), and the requests that end.',
    },
    layout: 'vllm-0.6',
    steps: logged([[5902, 230.6, 16, 11, 87.1], [5400, 240, 16, 9, 86.2], [6100, 225, 17, 12, 88.9]], { every: 15, times: 20 }, { hitShare: 0.2668, stopped: 30, request: { queueS: 9, prefillS: 1.2, decodeS: 7, promptTokens: 2_900, answerTokens: 110 } }), // prettier-ignore
    // Which limit it is may be told either way; that requests wait all the time must be said.
    expect: { alarms: [['capacity_limited', 'admission_limited']], allowed: ['prefill_bound'] },
  },
];
