/** What any run in a property is made of: texts, counts, times, histograms, and objects of them. */
import fc from 'fast-check';
import { entryName } from '../load/measure/entry-name.ts';
import { LatencyHistogram } from '../load/measure/histogram.ts';
import { windowPrecision } from '../load/measure/run-window.ts';
import { SparseHistogram } from '../load/measure/sparse-histogram.ts';

/** One for each field; an optional one may give `undefined`, and is absent then. */
export type EachOf<Type> = {
  readonly [Field in keyof Type]-?: fc.Arbitrary<
    object extends Pick<Type, Field> ? Type[Field] | undefined : Type[Field]
  >;
};

export function objectOf<Type extends object>(each: EachOf<Type>): fc.Arbitrary<Type> {
  return fc
    .record(each as unknown as Record<string, fc.Arbitrary<unknown>>, { noNullPrototype: true })
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Type);
}

export const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
export const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 });
export const mapOf = <Key, Value>(key: fc.Arbitrary<Key>, value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(key, value), { maxLength: 3 }).map((entries) => new Map(entries));
export const recordOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.dictionary(text, value, { maxKeys: 3, noNullPrototype: true });

export const text = fc.string({ maxLength: 6 });
/** Names are plain from where they enter. */
export const name = text.map(entryName);
export const count = fc.nat(1_000);
/** Exact in binary, and to the microsecond. */
export const ms = fc.nat(8_000).map((eighths) => eighths / 8);
export const second = fc.integer({ min: -3, max: 60 });

/** Most are short: a histogram is as long as its longest latency, and a run has dozens of them. */
export const latencyUs = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 8_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8_000, max: 2_000_000 }) },
);
export const histogram = fc.array(latencyUs, { maxLength: 6 }).map((latenciesUs) => {
  const all = new LatencyHistogram();
  for (const us of latenciesUs) all.recordMs(us / 1_000);
  return all;
});

export const windowHistogram = fc.array(ms, { maxLength: 4 }).map((latenciesMs) => {
  const all = new SparseHistogram(windowPrecision);
  for (const each of latenciesMs) all.record(each);
  return all;
});
