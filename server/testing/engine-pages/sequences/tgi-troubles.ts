/** TGI in trouble. */
import type { Sequence } from '../sequence.ts';
import { steady } from '../traffic.ts';

export const tgiTroubles: readonly Sequence[] = [
  {
    name: 'tgi-overloaded',
    version: 'TGI 0.8 and later',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/439',
      said: 'Of 500 requests sent at once many are answered "Model is overloaded": more than `--max-concurrent-requests` at a time are refused.',
      filledIn: 'The figures: 128 at a time, a third of the requests refused; version 2.',
    },
    layout: 'tgi-2',
    steps: steady({ running: 96, waiting: 32, kv: 0.7, tokensPerS: 1_900, promptPerS: 2_000, stopped: 120, overloaded: 60, request: { queueS: 3, prefillS: 0.4, decodeS: 9, promptTokens: 250, answerTokens: 235 } }), // prettier-ignore
    expect: { alarms: ['errors'], allowed: ['admission_limited', 'capacity_limited'] },
  },
  {
    name: 'tgi-device-assert-spoils-the-process',
    version: 'TGI 1.0 and later',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/965',
      said: 'After one error of the card every request fails, whatever it asks; only a restart helps.',
      filledIn: 'The figures: two minutes well, then all requests fail; version 3.',
    },
    layout: 'tgi-3',
    steps: [
      ...steady({ running: 12, kv: 0.3, tokensPerS: 420, promptPerS: 700, stopped: 24, request: { queueS: 0.05, prefillS: 0.2, decodeS: 6, promptTokens: 400, answerTokens: 260 } }, { every: 15, times: 8 }),
      ...steady({ running: 0, kv: 0, failed: 24 }, { every: 15, times: 12 }),
    ], // prettier-ignore
    expect: { alarms: ['errors'] },
  },
  {
    name: 'tgi-hangs-after-incomplete-generation',
    version: 'TGI 2.4.1',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/3050',
      said: 'After an incomplete generation every later request times out; the endpoint must be restarted.',
      filledIn: 'The figures: 9 in the batch, the queue growing, no forward pass any more.',
    },
    layout: 'tgi-2',
    steps: steady({ running: 9, waiting: 3, kv: 0.4 }, undefined, (at) => ({ waiting: 3 + at * 2 })),
    expect: { alarms: ['stalled'] },
  },
  {
    name: 'tgi-queue-behind-a-full-batch',
    version: 'TGI 1.1 and later',
    source: {
      url: 'https://github.com/huggingface/text-generation-inference/issues/1221',
      said: 'From 150 to 2,000 clients the time of a token stays at 70 ms: the batch is full, and what comes on top waits in the queue.',
      filledIn: 'The number that run and wait, lengths; version 3, whose page tells how full the batch is.',
    },
    layout: 'tgi-3',
    steps: steady({ running: 150, waiting: 1_850, kv: 0.985, tokensPerS: 2_140, promptPerS: 2_500, stopped: 160, request: { queueS: 160, prefillS: 0.5, decodeS: 14, promptTokens: 235, answerTokens: 200 } }), // prettier-ignore
    expect: { alarms: ['capacity_limited'] },
  },
];
