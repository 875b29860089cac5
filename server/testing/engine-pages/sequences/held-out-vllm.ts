/** vLLM, written down from the issues alone, before anybody had seen what the rules say of them. */
import { promise, type Sequence } from '../sequence.ts';
import { logged, sideBySide, steady } from '../traffic.ts';

const chat = { queueS: 0.01, prefillS: 0.1, decodeS: 6, promptTokens: 700, answerTokens: 260 };
const well = { alarms: [] };

export const heldOutVllm: readonly Sequence[] = [
  {
    name: 'vllm-waits-for-a-cache-that-is-empty',
    version: 'vllm-metal of July 2026 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm-metal/issues/479',
      said: 'Six requests wait for capacity while nothing runs and the cache is at 0 %: the scheduler admits nobody any more, for an hour.',
      filledIn: 'Nothing but the length of five minutes.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 0, waiting: 6, kv: 0 }, undefined, (at) => ({ waiting: at < 10 ? 5 : 6 })),
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'vllm-ranks-out-of-step',
    version: 'vLLM of November 2025 (V1), two data-parallel ranks',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/28224',
      said: 'At about 95 % of a run one rank has no requests left, gets out of step with the other, and both hang.',
      filledIn:
        'All figures: three and a half minutes at work, then 90 s in which twelve requests of one rank do not move.',
    },
    layout: 'vllm-0.10',
    series: [{ engine: '0' }, { engine: '1' }],
    steps: [
      ...sideBySide([64, 64].map((running) => ({ running, kv: 0.2, tokensPerS: 2_400, promptPerS: 1_900, hitShare: 0.8, stopped: 130, request: { ...chat, decodeS: 7, promptTokens: 220 } })), { every: 15, times: 14 }),
      ...sideBySide([{ running: 0, kv: 0 }, { running: 12, kv: 0.05 }], { every: 15, times: 6 }),
    ], // prettier-ignore
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'vllm-one-runs-and-fourteen-wait',
    version: 'vLLM of April 2026 (V1), on Intel cards',
    source: {
      url: 'https://github.com/intel/llm-scaler/issues/391',
      said: 'For over an hour one request runs at 5.4 tokens a second and fourteen wait, with the cache at 76.5 % and growing slowly. It looks like a hang; the cause is not found.',
      filledIn: 'Nothing but the length of five minutes.',
    },
    layout: 'vllm-0.14',
    steps: logged([[0, 5.4, 1, 14, 76.5], [0, 5.4, 1, 14, 76.7], [0, 5.5, 1, 14, 76.8]], { every: 10, times: 30 }), // prettier-ignore
    // Tokens do come, so it is no hang; which limit holds the fourteen back, nobody said.
    expect: { alarms: [['admission_limited', 'capacity_limited']] },
  },
  {
    name: 'vllm-drafts-beside-a-full-cache',
    version: 'vLLM of May 2026 (V1), MTP',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/43295',
      said: 'Serving is slow: 18 to 21 requests run and 23 to 43 wait while the cache is at 88 to 98 %. The reporter suspects the drafts; the log shows a full cache.',
      filledIn: 'The requests that end and their lengths.',
    },
    layout: 'vllm-0.14',
    steps: logged([[0, 1055.3, 18, 43, 95.9], [0, 1226.3, 18, 42, 95.5], [12068.8, 734.9, 18, 33, 87.7], [18032.5, 589.8, 21, 23, 95.9], [0, 1242.7, 20, 23, 98.4]], { every: 10, times: 30 }, { hitShare: 0, stopped: 6, request: { queueS: 60, prefillS: 3, decodeS: 28, promptTokens: 10_000, answerTokens: 1_600 } }), // prettier-ignore
    expect: { alarms: ['capacity_limited'], allowed: ['prefix_cache_low', 'prefill_bound'] },
  },
  {
    name: 'vllm-admits-what-does-not-fit',
    version: 'vLLM of March 2026 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/pull/37307',
      said: 'Four requests of 100K tokens fill 90 % of the cache; a fifth is let in for its first chunk, fills the rest, and is preempted half-way, again and again. Answers fall from 100 to 1.5 tokens a second and card.',
      filledIn: 'One preemption each 15 s, 30 that wait, and what ends.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 5, waiting: 30, kv: 0.97, tokensPerS: 12, promptPerS: 3_400, hitShare: 0, preempted: 1, request: { queueS: 200, prefillS: 20, decodeS: 300, promptTokens: 100_000, answerTokens: 700 } }, undefined, (at) => ({ running: 4 + (at % 2), kv: at % 2 === 0 ? 0.91 : 0.995, stopped: at % 10 === 9 ? 1 : 0 })), // prettier-ignore
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited', 'prefill_bound', 'prefix_cache_low'] },
  },
  {
    name: 'vllm-preemptions-look-like-hits',
    version: 'vLLM of September 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/25780',
      said: 'Random prompts have a hit rate of 32 %: requests are preempted, and what is computed again counts as found. 259 run, 535 wait, the cache is at 82.3 % at that moment.',
      filledIn:
        'The number of preemptions, as many as explain the hits: three a page, and how the cache moves around it.',
    },
    layout: 'vllm-0.10',
    steps: steady({ running: 259, waiting: 535, kv: 0.823, tokensPerS: 1221.7, promptPerS: 6102.8, hitShare: 0.322, preempted: 30, stopped: 70, request: { queueS: 90, prefillS: 2, decodeS: 80, promptTokens: 1_024, answerTokens: 1_024 } }, undefined, (at) => ({ kv: 0.8 + (at % 5) * 0.045 })), // prettier-ignore
    expect: { alarms: ['kv_exhaustion'], allowed: ['capacity_limited', 'admission_limited', 'prefill_bound'] },
  },
  {
    name: 'vllm-empty-schedules-when-nearly-full',
    version: 'vLLM 0.7.2 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/15996',
      said: 'Under pressure the cache comes above 90 %; then new requests stay pending, some are running, and nothing is generated any more: each schedule is empty, and nobody is preempted.',
      filledIn: 'The figures: 31 run, and the queue grows by two requests a second.',
    },
    layout: 'vllm-0.7',
    steps: [
      ...steady({ running: 31, waiting: 5, kv: 0.9, tokensPerS: 420, promptPerS: 900, stopped: 6, request: { ...chat, decodeS: 20 } }, { every: 15, times: 8 }, (at) => ({ kv: 0.7 + at * 0.03, waiting: at })),
      ...steady({ running: 31, kv: 0.94 }, { every: 15, times: 12 }, (at) => ({ waiting: 12 + at * 30 })),
    ], // prettier-ignore
    expect: { alarms: ['stalled'], allowed: ['capacity_limited'] },
  },
  {
    name: 'vllm-two-crawl',
    version: 'vLLM of March 2025 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/15018',
      said: 'With two requests at a time 0.4 tokens a second come out; the cache is at 0.6 %, and nothing waits.',
      filledIn: 'The promise of 200 ms between tokens; that none of the two ends in five minutes.',
    },
    layout: 'vllm-0.7',
    slos: [promise('itl_p95_s', 0.2)],
    steps: steady({ running: 2, kv: 0.006, tokensPerS: 0.4, request: { ...chat, decodeS: 750, answerTokens: 151 } }),
    expect: { alarms: ['itl_slo'], allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-quantized-finds-no-prefix',
    version: 'vLLM of March 2026 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/36441',
      said: 'With a quantized model the hit rate of the prefix cache is 0.0 %, which is called a bug: eight run, none wait, 2,356 prompt and 11.5 answer tokens a second.',
      filledIn: 'That prompts have 7,000 tokens and requests end after 60 s.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 8, kv: 0.457, tokensPerS: 11.5, promptPerS: 2356.1, hitShare: 0, stopped: 5, request: { queueS: 0.05, prefillS: 3, decodeS: 20, promptTokens: 7_000, answerTokens: 34 } }), // prettier-ignore
    expect: { alarms: [], hints: ['prefix_cache_low'], allowed: ['prefill_bound'] },
  },
  {
    name: 'vllm-ascend-keeps-a-quarter-of-drafts',
    version: 'vLLM-Ascend of August 2026 (V1), drafts of seven tokens',
    source: {
      url: 'https://github.com/vllm-project/vllm-ascend/issues/13640',
      said: '27.3 % of drafted tokens are accepted, which is thought too low; nobody says that it is slower than without.',
      filledIn: 'That it goes on for five minutes, and the requests that end.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 1, kv: 0.02, tokensPerS: 16, promptPerS: 30, hitShare: 0.4, drafted: 385, accepted: 106, stopped: 1, request: { ...chat, decodeS: 9, answerTokens: 150 } }, { every: 10, times: 30 }), // prettier-ignore
    expect: { alarms: [], hints: ['speculation_low'], allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-ascend-cache-never-freed',
    version: 'vLLM-Ascend 0.18.0 (V1), prefill and decode apart',
    source: {
      url: 'https://github.com/vllm-project/vllm-ascend/issues/8326',
      said: 'The instance for prompts does not free its cache: it stays nearly full while nothing runs, and what comes then waits for ever.',
      filledIn: 'The figures: 96 %, one more that waits each half minute.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 0, waiting: 1, kv: 0.96 }, undefined, (at) => ({ waiting: 1 + Math.floor(at / 2) })),
    expect: { alarms: ['stalled'], allowed: ['capacity_limited'] },
  },
  {
    name: 'vllm-tokenizes-in-one-thread',
    version: 'vLLM of September 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/25301',
      said: 'Many long requests at once wait for the single thread that turns text into tokens, before the engine sees them; it has room, and first tokens come late.',
      filledIn: 'The parts of a request’s time: 5 s before the engine, 4.5 s in it; prompts of 24,000 tokens.',
    },
    layout: 'vllm-0.10',
    steps: steady({ running: 6, kv: 0.15, tokensPerS: 240, promptPerS: 32_000, hitShare: 0.6, stopped: 20, request: { queueS: 0.05, prefillS: 0.9, decodeS: 3.6, hostS: 5, promptTokens: 24_000, answerTokens: 180 } }), // prettier-ignore
    expect: { alarms: ['host_bound'], allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-intents-under-load',
    version: 'vLLM 0.6.3 (V0)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/9722',
      said: 'One request is fast; with many at once the first token comes late, and one to two requests a second get through. Prompts of 1,000 characters, answers of 5 to 9.',
      filledIn: 'The promise of 1 s; 20 clients, who see 12 s; that the engine takes all of them at once.',
    },
    layout: 'vllm-0.6',
    slos: [promise('ttft_p95_s', 1)],
    steps: steady({ running: 20, kv: 0.12, tokensPerS: 11, promptPerS: 1_100, stopped: 24, request: { queueS: 0, prefillS: 11.5, decodeS: 0.5, promptTokens: 700, answerTokens: 7 } }), // prettier-ignore
    expect: { alarms: ['ttft_slo'], allowed: ['prefill_bound', 'admission_limited'] },
  },
  {
    name: 'vllm-one-answer-for-ten-minutes',
    version: 'vLLM of December 2025 (V1)',
    source: {
      url: 'https://github.com/vllm-project/vllm/issues/31353',
      said: 'One request of a small model grows for ten minutes at 213 tokens a second, falling slowly, and then ends. It looks like a leak and is an answer that long.',
      filledIn: 'The course after the first lines.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 1, kv: 0.001, tokensPerS: 213 }, { every: 10, times: 30 }, (at) => ({ kv: 0.001 + at * 0.0016, tokensPerS: 213 - at * 3 })), // prettier-ignore
    expect: { ...well, allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-ascend-two-ranks-of-one-request',
    version: 'vLLM-Ascend of June 2026 (V1), two data-parallel ranks',
    source: {
      url: 'https://github.com/vllm-project/vllm-ascend/issues/9845',
      said: 'With the setting taken back prompts are found again: 58.3 % on both ranks, each of which decodes one request at 16.5 tokens a second.',
      filledIn: 'That one request ends each minute.',
    },
    layout: 'vllm-0.14',
    series: [{ engine: '0' }, { engine: '1' }],
    steps: sideBySide([0, 1].map(() => ({ running: 1, kv: 0.064, tokensPerS: 16.5, promptPerS: 120, hitShare: 0.583, stopped: 1, request: { queueS: 0.02, prefillS: 0.7, decodeS: 14, promptTokens: 1_800, answerTokens: 230 } }))), // prettier-ignore
    expect: { ...well, allowed: ['batch_underfilled'] },
  },
  {
    name: 'vllm-small-box-with-shared-prefixes',
    version: 'vLLM of August 2026 (V1), on one small machine',
    source: {
      url: 'https://github.com/0xBakeer/qwen38-flash-next-spark/issues/9',
      said: 'With the prefix cache on, 16 clients get 82 tokens a second and their first token after 2.55 s (p90 5.28 s), at a hit rate of 66.5 %: as good as it gets here.',
      filledIn: 'That it goes on for five minutes; no promise was made.',
    },
    layout: 'vllm-0.14',
    steps: steady({ running: 16, kv: 0.3, tokensPerS: 81.8, promptPerS: 900, hitShare: 0.665, stopped: 5, request: { queueS: 0.02, prefillS: 2.53, decodeS: 45, promptTokens: 2_700, answerTokens: 244 } }), // prettier-ignore
    expect: well,
  },
];
