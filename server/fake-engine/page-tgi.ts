/** TGI's page: Rust's exporter, no help texts, hardly a label, and a counter that is not there before it has counted. */
import type { DistributionField } from '../domain/engines/engine.ts';
import type { Family } from '../domain/engines/prometheus-parse.ts';
import { plainNumber } from './prometheus-print.ts';
import { histogram, scalar, type Labels, type PageState } from './page-parts.ts';

const histograms: readonly (readonly [DistributionField, string])[] = [
  ['e2e_s', 'tgi_request_duration'],
  ['queue_s', 'tgi_request_queue_duration'],
  ['inference_s', 'tgi_request_inference_duration'],
  ['itl_s', 'tgi_request_mean_time_per_token_duration'],
  ['prompt_length', 'tgi_request_input_length'],
  ['generation_length', 'tgi_request_generated_tokens'],
];

export function tgiFamilies({ levels, meter }: PageState): Family[] {
  const gauge = (name: string, value: number) => scalar({ name, type: 'gauge', values: [[{}, value]] });
  const counter = (name: string, values: readonly (readonly [Labels, number])[]) => {
    const born = values.filter(([, count]) => count > 0);
    return born.length === 0 ? [] : [scalar({ name, type: 'counter', values: born })];
  };
  const overloaded = meter.counted('overloaded');
  const failed = meter.counted('failed');
  const dropped = meter.counted('aborted');
  return [
    ...counter('tgi_request_count', [[{}, meter.counted('done') + failed + dropped]]),
    ...counter('tgi_request_success', [[{}, meter.counted('done')]]),
    ...counter('tgi_request_failure', [
      [{ err: 'overloaded' }, overloaded],
      [{ err: 'generation' }, failed - overloaded],
      [{ err: 'dropped' }, dropped],
    ]),
    ...counter('tgi_batch_inference_success', [
      [{ method: 'prefill' }, meter.counted('prefill_steps')],
      [{ method: 'decode' }, meter.counted('decode_steps')],
    ]),
    gauge('tgi_queue_size', levels.waiting),
    gauge('tgi_batch_current_size', levels.running),
    gauge('tgi_batch_current_max_tokens', levels.kvReservedTokens),
    gauge('tgi_batch_max_total_tokens', levels.kvTokens),
    ...histograms.flatMap(([field, name]) =>
      histogram({ name, labels: {}, of: meter.histogram(field), bound: plainNumber }),
    ),
  ];
}
