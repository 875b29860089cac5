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
  type FallbackField,
  type GaugeField,
  type GaugeSource,
  type Names,
} from './engine.ts';
import { distributionBetween, hasHistogram } from './histogram.ts';
import { increase, restarted } from './increase.ts';
import { finish, type Steps } from './steps.ts';
import { assertEngine, isUnborn, seriesOf, total, type Scrape } from './scrape.ts';
import { coveredFields, type Baseline, type CoveredField, type Snapshot } from './snapshot.ts';

type Deltas = Record<CounterField, number | null> & Record<DistributionField, Distribution | null>;

interface SnapshotParts {
  readonly engine: Engine;
  readonly previous?: Scrape | undefined;
  readonly current: Scrape;
}

/**
 * Levels from `current`; counts, rates and distributions from what happened since `previous`. Without a usable
 * `previous` the snapshot is a baseline: levels only. Throws `WrongEngineError` when `current` is another engine's page.
 */
export function snapshotFrom(parts: SnapshotParts): Snapshot {
  return finish(takingSnapshot(parts));
}

/** The same in steps: a page of 8 MiB takes its time. */
export function* takingSnapshot({ engine, previous, current }: SnapshotParts): Steps<Snapshot> {
  assertEngine(current, engine);
  const definition = definitions[engine];
  const between = yield* deltasSince(definition, previous, current);
  yield;
  const deltas = typeof between === 'string' ? noDeltas() : between;
  const intervalS =
    previous === undefined || typeof between === 'string' ? null : (current.takenAtMs - previous.takenAtMs) / 1_000;
  const levels = gauges(definition, current);
  yield;
  const perSecond = rates({ definition, current, deltas, intervalS });
  yield;
  return {
    engine,
    taken_at: new Date(current.takenAtMs).toISOString(),
    interval_s: intervalS,
    baseline: typeof between === 'string' ? between : null,
    ...levels,
    ...deltas,
    ...perSecond,
    coverage: coverage(definition, current),
  };
}

function* deltasSince(
  definition: EngineDefinition,
  previous: Scrape | undefined,
  current: Scrape,
): Steps<Deltas | Baseline> {
  if (previous === undefined) return 'first';
  if (current.takenAtMs <= previous.takenAtMs) return 'clock_stepped';
  if (restarted(previous, current)) return 'counter_reset';
  const deltas = noDeltas();
  const pages = { previous, current };
  for (const field of counterFields) {
    yield;
    const source = definition.counters[field];
    const grown = source && increase(pages, source);
    if (grown === 'reset') return 'counter_reset';
    deltas[field] = grown ?? null;
  }
  for (const field of distributionFields) {
    yield;
    const source = definition.distributions[field];
    const grown = source && (yield* distributionBetween(pages, source));
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
  const series = seriesOf(scrape, source);
  if (series === undefined) return null;
  return source.read === 'sum' ? total(series) : Math.max(...[...series.values()].map(({ value }) => value));
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

function rates({ definition, current, deltas, intervalS }: RateParts) {
  const perSecond = (count: number | null) => (count === null || intervalS === null ? null : count / intervalS);
  const { done, failed, prefix_hits: hits, prefix_queries: queries } = deltas;
  const ratio = hits === null || queries === null || queries === 0 ? null : Math.min(1, hits / queries);
  // Where there are counters, a gauge has no say: SGLang's hit rate is 0 after each step that reads no prompt.
  const counts = (...fields: CounterField[]) => fields.every((field) => hasCounter(definition, current, field));
  const stands = (field: FallbackField) => fallback(definition, current, field);
  return {
    requests_per_s: perSecond(done === null ? null : done + (failed ?? 0)),
    preemptions_per_s: perSecond(deltas.preemptions),
    generation_tokens_per_s: counts('generation_tokens')
      ? perSecond(deltas.generation_tokens)
      : stands('generation_tokens_per_s'),
    prompt_tokens_per_s: perSecond(deltas.prompt_tokens),
    prefix_hit_ratio: counts('prefix_hits', 'prefix_queries') ? ratio : stands('prefix_hit_ratio'),
  };
}

function fallback({ fallbacks }: EngineDefinition, scrape: Scrape, field: FallbackField): number | null {
  const source = fallbacks[field];
  return source === undefined ? null : gauge(source, scrape);
}

/** Judged by the current page alone: a baseline covers as much as any other snapshot. */
function coverage(definition: EngineDefinition, scrape: Scrape): Snapshot['coverage'] {
  const levels = gauges(definition, scrape);
  const has = (field: CoveredField): boolean => {
    if (isOneOf(gaugeFields, field)) return levels[field] !== null;
    if (isOneOf(distributionFields, field)) return hasDistribution(definition, scrape, field);
    if (isOneOf(counterFields, field)) return hasCounter(definition, scrape, field);
    return (
      fallback(definition, scrape, 'prefix_hit_ratio') !== null ||
      (hasCounter(definition, scrape, 'prefix_hits') && hasCounter(definition, scrape, 'prefix_queries'))
    );
  };
  return { present: coveredFields.filter(has), absent: coveredFields.filter((field) => !has(field)) };
}

function hasCounter({ counters }: EngineDefinition, scrape: Scrape, field: CounterField): boolean {
  const source = counters[field];
  return source !== undefined && seriesOf(scrape, source) !== undefined;
}

function hasDistribution({ distributions }: EngineDefinition, scrape: Scrape, field: DistributionField): boolean {
  const source = distributions[field];
  return source !== undefined && (hasHistogram(scrape, source) || isUnborn(scrape, source));
}

function isOneOf<Known extends string>(known: readonly Known[], value: string): value is Known {
  return known.some((one) => one === value);
}

function record<Key extends string, Value>(keys: readonly Key[], valueOf: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;
}
