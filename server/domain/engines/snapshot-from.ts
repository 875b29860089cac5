/** Makes a snapshot out of two scrapes of one engine. */
import { definitions } from './definitions.ts';
import type { Distribution } from './distribution.ts';
import {
  counterFields,
  distributionFields,
  gaugeFields,
  type CounterField,
  type DistributionField,
  type Engine,
  type EngineDefinition,
  type GaugeField,
  type GaugeSource,
  type Names,
} from './engine.ts';
import { distributionBetween, presentHistogram } from './histogram.ts';
import { increase, restarted } from './increase.ts';
import { assertEngine, seriesOf, total, type Scrape } from './scrape.ts';
import { coveredFields, type Baseline, type CoveredField, type Snapshot } from './snapshot.ts';

type Deltas = Record<CounterField, number | null> & Record<DistributionField, Distribution | null>;

/**
 * Levels from `current`; counts, rates and distributions from what happened since `previous`. Without a usable
 * `previous` the snapshot is a baseline: levels only. Throws `WrongEngineError` when `current` is another engine's page.
 */
export function snapshotFrom({
  engine,
  previous,
  current,
}: {
  readonly engine: Engine;
  readonly previous?: Scrape | undefined;
  readonly current: Scrape;
}): Snapshot {
  assertEngine(current, engine);
  const definition = definitions[engine];
  const between = deltasSince(definition, previous, current);
  const deltas = typeof between === 'string' ? noDeltas() : between;
  const intervalS =
    previous === undefined || typeof between === 'string' ? null : (current.takenAtMs - previous.takenAtMs) / 1_000;
  return {
    engine,
    taken_at: new Date(current.takenAtMs).toISOString(),
    interval_s: intervalS,
    baseline: typeof between === 'string' ? between : null,
    ...gauges(definition, current),
    ...deltas,
    ...rates({ definition, current, deltas, intervalS }),
    coverage: coverage(definition, current),
  };
}

function deltasSince(definition: EngineDefinition, previous: Scrape | undefined, current: Scrape): Deltas | Baseline {
  if (previous === undefined) return 'first';
  if (current.takenAtMs <= previous.takenAtMs) return 'clock_stepped';
  if (restarted(previous, current)) return 'counter_reset';
  const deltas = noDeltas();
  for (const field of counterFields) {
    const source = definition.counters[field];
    const now = source && seriesOf(current, source);
    if (now === undefined || source === undefined) continue;
    const grown = increase(seriesOf(previous, source), now);
    if (grown === 'reset') return 'counter_reset';
    deltas[field] = grown;
  }
  for (const field of distributionFields) {
    const grown = distributionBetween({ previous, current }, definition.distributions[field] ?? []);
    if (grown === 'reset') return 'counter_reset';
    deltas[field] = grown ?? null;
  }
  return deltas;
}

function noDeltas(): Deltas {
  return {
    ...record(counterFields, () => null),
    ...record(distributionFields, () => null),
  };
}

function gauges({ gauges: sources }: EngineDefinition, scrape: Scrape): Record<GaugeField, number | null> {
  return record(gaugeFields, (field) => {
    const source = sources[field];
    return source === undefined ? null : gauge(source, scrape);
  });
}

function gauge(source: GaugeSource, scrape: Scrape): number | null {
  if (source.read === 'quotient') {
    const dividend = sumOf(scrape, source.dividend);
    const divisor = sumOf(scrape, source.divisor);
    return dividend === null || divisor === null || divisor <= 0 ? null : dividend / divisor;
  }
  if (source.read === 'sum') return sumOf(scrape, source.names);
  const series = seriesOf(scrape, source);
  return series === undefined ? null : Math.max(...series.values());
}

function sumOf(scrape: Scrape, names: Names): number | null {
  const series = seriesOf(scrape, { names });
  return series === undefined ? null : total(series);
}

interface RateParts {
  readonly definition: EngineDefinition;
  readonly current: Scrape;
  readonly deltas: Deltas;
  readonly intervalS: number | null;
}

function rates({ definition: { fallbacks }, current, deltas, intervalS }: RateParts) {
  const perSecond = (count: number | null) => (count === null || intervalS === null ? null : count / intervalS);
  const { done, failed, prefix_hits: hits, prefix_queries: queries } = deltas;
  const ratio = hits === null || queries === null || queries === 0 ? null : Math.min(1, hits / queries);
  return {
    requests_per_s: perSecond(done === null ? null : done + (failed ?? 0)),
    preemptions_per_s: perSecond(deltas.preemptions),
    generation_tokens_per_s:
      perSecond(deltas.generation_tokens) ?? sumOf(current, fallbacks.generation_tokens_per_s ?? []),
    prompt_tokens_per_s: perSecond(deltas.prompt_tokens),
    prefix_hit_ratio: ratio ?? sumOf(current, fallbacks.prefix_hit_ratio ?? []),
  };
}

/** Judged by the current page alone: a baseline covers as much as any other snapshot. */
function coverage(definition: EngineDefinition, scrape: Scrape): Snapshot['coverage'] {
  const levels = gauges(definition, scrape);
  const has = (field: CoveredField): boolean => {
    if (isOneOf(gaugeFields, field)) return levels[field] !== null;
    if (isOneOf(distributionFields, field))
      return presentHistogram(scrape, definition.distributions[field] ?? []) !== undefined;
    if (isOneOf(counterFields, field)) return hasCounter(definition, scrape, field);
    return (
      sumOf(scrape, definition.fallbacks.prefix_hit_ratio ?? []) !== null ||
      (hasCounter(definition, scrape, 'prefix_hits') && hasCounter(definition, scrape, 'prefix_queries'))
    );
  };
  return { present: coveredFields.filter(has), absent: coveredFields.filter((field) => !has(field)) };
}

function hasCounter({ counters }: EngineDefinition, scrape: Scrape, field: CounterField): boolean {
  const source = counters[field];
  return source !== undefined && seriesOf(scrape, source) !== undefined;
}

function isOneOf<Known extends string>(known: readonly Known[], value: string): value is Known {
  return known.some((one) => one === value);
}

function record<Key extends string, Value>(keys: readonly Key[], valueOf: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;
}
