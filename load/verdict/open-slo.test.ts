import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { type LatencyUnit, readOpenSlo } from './open-slo.ts';

const source = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
const ratioMetric = {
  counter: true,
  good: source('sum(http_request_duration_seconds_count{code!~"5.."})'),
  total: source('sum(http_request_duration_seconds_count)'),
};
const thresholdMetric = source('http_request_duration_seconds');

/** As OpenSLO's own examples are. */
function document({
  indicator = { ratioMetric },
  objective = { target: 0.99 },
  spec = {},
  ...rest
}: {
  readonly indicator?: object;
  readonly objective?: object;
  readonly spec?: object;
  readonly [field: string]: unknown;
} = {}): object {
  return {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: 'checkout', displayName: 'Checkout' },
    spec: {
      service: 'shop',
      timeWindow: [{ duration: '28d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      indicator: { metadata: { name: 'sli' }, spec: indicator },
      objectives: [objective],
      ...spec,
    },
    ...rest,
  };
}

const latency = { indicator: { thresholdMetric } };
const read: readonly {
  readonly given: Parameters<typeof document>[0];
  readonly latency?: LatencyUnit;
  readonly limits: object;
}[] = [
  { given: {}, limits: { errorRate: '<= 1%' } },
  { given: { objective: { targetPercent: 99.95 } }, limits: { errorRate: '<= 0.05%' } },
  { given: { objective: { target: 0.999 } }, limits: { errorRate: '<= 0.1%' } },
  {
    given: { indicator: { ratioMetric: { raw: source('errors:ratio'), rawType: 'failure' } } },
    limits: { errorRate: '<= 1%' },
  },
  {
    given: { ...latency, objective: { op: 'lte', value: 200, target: 0.95 } },
    latency: 'ms',
    limits: { p95: '<= 200ms' },
  },
  {
    given: { ...latency, objective: { op: 'lt', value: 0.25, targetPercent: 99.9 } },
    latency: 's',
    limits: { p999: '< 0.25s' },
  },
  {
    given: { ...latency, objective: { op: 'lt', value: 1e-7, targetPercent: 50 } },
    latency: 's',
    limits: { p50: '< 0.0000001s' },
  },
  { given: { spec: { budgetingMethod: undefined } }, limits: { errorRate: '<= 1%' } },
];
for (const { given, latency: unit, limits } of read) {
  test(`${JSON.stringify(given).slice(0, 90)} is ${JSON.stringify(limits)}`, () => {
    expect(readOpenSlo([document(given)], { name: undefined, latency: unit })).toEqual({ name: 'Checkout', limits });
  });
}

test('an SLI that is referred to is found in the same file, and an SLO among several by its name', () => {
  const other = document({ metadata: { name: 'other' }, objective: { target: 0.5 } });
  const slo = document({ metadata: { name: 'mine' }, spec: { indicator: undefined, indicatorRef: 'sli' } });
  const sli = { apiVersion: 'openslo/v1', kind: 'SLI', metadata: { name: 'sli' }, spec: { ratioMetric } };
  const asked = { name: 'mine', latency: undefined };
  expect(readOpenSlo([other, sli, slo, null], asked)).toEqual({ name: 'mine', limits: { errorRate: '<= 1%' } });
});

const refused: readonly {
  readonly given?: Parameters<typeof document>[0];
  readonly documents?: readonly unknown[];
  readonly name?: string;
  readonly latency?: LatencyUnit;
  readonly says: string;
}[] = [
  { documents: [], says: 'it holds no object of `kind: SLO`' },
  { documents: [document(), document()], says: 'it holds 2 SLOs: say which is meant by `name`' },
  { name: 'nobody', says: 'it holds no SLO with the `metadata.name` "nobody"' },
  { given: { apiVersion: 'openslo/v1alpha' }, says: '`apiVersion` must be `openslo/v1`, got "openslo/v1alpha"' },
  { given: { metadata: {} }, says: '`metadata.name` must be a text, got undefined' },
  {
    given: { spec: { budgetingMethod: 'Timeslices' } },
    says: '`spec.budgetingMethod` must be `Occurrences`, since limits count requests, got "Timeslices"',
  },
  {
    given: { spec: { objectives: [{ target: 0.9 }, { target: 0.99 }] } },
    says: '`spec.objectives` must be a list of one objective',
  },
  {
    given: { objective: { target: 0.9, timeSliceTarget: 0.9 } },
    says: '`spec.objectives[0].timeSliceTarget` has no meaning',
  },
  { given: { objective: { target: 0.9, indicator: {} } }, says: '`spec.objectives[0].indicator` has no meaning' },
  { given: { objective: { target: 1 } }, says: '`spec.objectives[0].target` must be above 0 and below 1, got 1' },
  {
    given: { objective: { targetPercent: 100 } },
    says: '`spec.objectives[0].targetPercent` must be above 0 and below 100, got 100',
  },
  { given: { objective: {} }, says: '`spec.objectives[0].targetPercent` must be above 0 and below 100, got undefined' },
  {
    given: { objective: { target: 0.9, targetPercent: 90 } },
    says: '`spec.objectives[0].target` and `targetPercent` exclude each other',
  },
  {
    given: { objective: { target: 0.9, op: 'lt', value: 3 } },
    says: '`spec.objectives[0].op` belongs to a `thresholdMetric`',
  },
  {
    given: { spec: { indicator: undefined, indicatorRef: 'elsewhere' } },
    says: '`spec.indicatorRef` must name an SLI of the same file, got "elsewhere"',
  },
  { given: { indicator: {} }, says: '`spec.indicator.spec` must have a `ratioMetric` or a `thresholdMetric`' },
  { given: { indicator: { ratioMetric, thresholdMetric } }, says: '`spec.indicator.spec` must have one of' },
  {
    given: {
      indicator: {
        ratioMetric: { good: source('http_request_duration_seconds_bucket{le="0.2"}'), total: source('x') },
      },
    },
    says: '`spec.indicator.spec.ratioMetric` counts the buckets of a histogram',
  },
  {
    given: { ...latency, objective: { op: 'lte', value: 0.2, target: 0.95 } },
    says: '`spec.objectives[0].value` is 0.2 of a `thresholdMetric`',
  },
  {
    given: { ...latency, objective: { op: 'gte', value: 0.2, target: 0.95 } },
    latency: 's',
    says: '`spec.objectives[0].op` must be `lt` or `lte` for a latency, got "gte"',
  },
  {
    given: { ...latency, objective: { op: 'lte', value: '200', target: 0.95 } },
    latency: 'ms',
    says: '`spec.objectives[0].value` must be a number above 0, got "200"',
  },
  {
    given: { ...latency, objective: { op: 'lte', value: 1e-10, target: 0.95 } }, // it would be written as 0
    latency: 's',
    says: '`spec.objectives[0].value` must be a number above 0, got 1e-10',
  },
  {
    given: { ...latency, objective: { op: 'lte', value: 200, target: 0.98 } },
    latency: 'ms',
    says: '`spec.objectives[0].target` is 98 %, and the percentiles that are limited are 50, 75, 90, 95, 99, 99.9, 99.99',
  },
];
for (const { given, documents = [document(given)], name, latency: unit, says } of refused) {
  test(`refused by its field: ${says}`, () => {
    expect(() => readOpenSlo(documents, { name, latency: unit })).toThrow(says);
  });
}
