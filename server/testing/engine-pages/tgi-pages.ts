/**
 * TGI's page by version: `router/src/server.rs`, `router/src/infer/mod.rs`, `backends/v2` and `backends/v3` of its
 * repository. Rust's exporter: no help texts, hardly a label, a counter only once it has counted, names without `_total`.
 * `dropped` counts clients that left (issue 1733).
 */
import type { Family } from '../../domain/engines/prometheus-parse.ts';
import { plainNumber } from '../../fake-engine/prometheus-print.ts';
import type { EngineState, SeriesState } from './engine-state.ts';
import { histogram, scalar } from './families.ts';

export const tgiLayouts = ['tgi-2', 'tgi-3'] as const;
export type TgiLayout = (typeof tgiLayouts)[number];

const durationBounds = Array.from({ length: 35 }, (_, at) => Number((0.0001 * 1.5 ** (at + 1)).toPrecision(15)));
const lengthBounds = (most: number) => Array.from({ length: 100 }, (_, at) => (most / 100) * (at + 1));
/** Tokens that fit into the batch, said by version 3 alone. */
const maxTotalTokens = 200_000;

export function tgiPage(layout: TgiLayout, { series }: EngineState): Family[] {
  const state = series[0];
  if (state === undefined) return [];
  const { running, waiting, kv, counted } = state;
  const gauge = (name: string, value: number) => scalar({ name, type: 'gauge' }, [[{}, value]]);
  const ended = counted.stopped + counted.lengthReached;
  return [
    ...counter('tgi_request_count', [[{}, ended + counted.failed + counted.overloaded + counted.aborted]]),
    ...counter('tgi_request_success', [[{}, ended]]),
    ...counter('tgi_request_failure', [
      [{ err: 'overloaded' }, counted.overloaded],
      [{ err: 'generation' }, counted.failed],
      [{ err: 'dropped' }, counted.aborted],
    ]),
    ...counter('tgi_batch_inference_count', [
      [{ method: 'prefill' }, ended],
      [{ method: 'decode' }, counted.passes],
    ]),
    ...counter('tgi_batch_inference_success', [
      [{ method: 'prefill' }, ended],
      [{ method: 'decode' }, counted.passes],
    ]),
    gauge('tgi_queue_size', waiting),
    gauge('tgi_batch_current_size', running),
    gauge('tgi_batch_current_max_tokens', Math.round(kv * maxTotalTokens)),
    ...(layout === 'tgi-3' ? [gauge('tgi_batch_max_total_tokens', maxTotalTokens)] : []),
    ...histograms(state),
  ];
}

function counter(name: string, values: Parameters<typeof scalar>[1]): Family[] {
  const born = values.filter(([, count]) => count > 0);
  return born.length === 0 ? [] : [scalar({ name, type: 'counter' }, born)];
}

function histograms({ seen }: SeriesState): Family[] {
  const shown: readonly (readonly [string, ReadonlyMap<number, number>, readonly number[]])[] = [
    ['tgi_request_duration', seen.e2e, durationBounds],
    ['tgi_request_queue_duration', seen.queue, durationBounds],
    ['tgi_request_inference_duration', seen.inference, durationBounds],
    ['tgi_request_mean_time_per_token_duration', seen.meanPerToken, durationBounds],
    ['tgi_request_input_length', seen.promptTokens, lengthBounds(32_000)],
    ['tgi_request_generated_tokens', seen.answerTokens, lengthBounds(4_096)],
  ];
  return shown
    .filter(([, times]) => times.size > 0)
    .map(([name, times, bounds]) => histogram({ name, bounds, bound: plainNumber }, [[{}, times]]));
}
