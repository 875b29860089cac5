/** The histogram bounds that each engine really uses, from the sources named in `domain/engines/`. Seconds, or tokens. */
import type { Engine } from '../domain/engines/engine.ts';
import type { Bounds } from './meter.ts';

/** 1, 2, 5, 10, 20 … up to the longest context. */
function oneTwoFive(highest: number): number[] {
  const bounds: number[] = [];
  for (let power = 1; power <= highest; power *= 10)
    for (const digit of [1, 2, 5]) if (digit * power <= highest) bounds.push(digit * power);
  return bounds;
}

const contextTokens = 8_192;

const vllmRequestS = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1_920, 7_680];
const vllm: Bounds = {
  ttft_s: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2_560,
  ],
  itl_s: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
  e2e_s: vllmRequestS,
  queue_s: vllmRequestS,
  prefill_s: vllmRequestS,
  inference_s: vllmRequestS,
  decode_s: vllmRequestS,
  step_tokens: [1, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384],
  prompt_length: oneTwoFive(contextTokens),
  generation_length: oneTwoFive(contextTokens),
};

const sglangTokens = [
  100, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000, 12_000, 15_000,
  20_000, 22_000, 25_000, 30_000, 35_000, 40_000, 66_000, 99_000, 132_000, 300_000, 600_000, 900_000, 1_100_000,
];
const sglang: Bounds = {
  ttft_s: [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400],
  itl_s: [
    0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2,
    4, 6, 8,
  ],
  e2e_s: [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 1_200, 1_800, 2_400],
  queue_s: [
    0, 0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300,
    400, 500, 600, 700, 800, 900, 1_000, 1_200, 1_400, 1_600, 1_800, 2_000, 2_500, 3_000,
  ],
  prefill_s: Array.from({ length: 30 }, (_, at) => 0.001 * 1.62 ** at),
  inference_s: [],
  decode_s: [],
  step_tokens: [],
  prompt_length: sglangTokens,
  generation_length: sglangTokens,
};

/** TGI's durations are a geometric row, its lengths a hundredth of the longest each. */
const tgiDurationS = Array.from({ length: 35 }, (_, at) => 0.000_1 * 1.5 ** (at + 1));
const tgiTokens = Array.from({ length: 100 }, (_, at) => (contextTokens / 100) * (at + 1));
const tgi: Bounds = {
  ttft_s: [],
  itl_s: tgiDurationS,
  e2e_s: tgiDurationS,
  queue_s: tgiDurationS,
  prefill_s: [],
  inference_s: tgiDurationS,
  decode_s: [],
  step_tokens: [],
  prompt_length: tgiTokens,
  generation_length: tgiTokens,
};

export const boundsOf: Readonly<Record<Engine, Bounds>> = { vllm, sglang, tgi };
