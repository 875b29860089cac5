import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { openSlo, type OpenSloOptions } from './open-slo.ts';

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-'));
});
test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const availability = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-availability
spec:
  service: shop
  indicator:
    metadata:
      name: good-answers
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'sum(requests{code!~"5.."})' } } }
        total: { metricSource: { type: Prometheus, spec: { query: sum(requests) } } }
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - targetPercent: 99.5
`;
const latency = `---
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-latency
  displayName: Checkout is quick
spec:
  service: shop
  indicator:
    metadata:
      name: latency
    spec:
      thresholdMetric: { metricSource: { type: Prometheus, spec: { query: request_ms } } }
  budgetingMethod: Occurrences
  objectives:
    - { op: lte, value: 200, target: 0.95 }
`;

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('a YAML file of several SLOs gives the one that is named', async () => {
  const path = await file('slo.yaml', `${availability}${latency}`);
  const one = openSlo(path, { name: 'checkout-availability' });
  expect({ ...one }).toEqual({ errorRate: '<= 0.5%' });
  expect(one.name).toBe('checkout-availability');
  const other = openSlo(pathToFileURL(path), { name: 'checkout-latency', latency: 'ms' });
  expect({ ...other }).toEqual({ p95: '<= 200ms' });
  expect(other.name).toBe('Checkout is quick');
});

test('a JSON file needs no parser of YAML', async () => {
  const document = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: 'a' },
    spec: { indicator: { spec: { ratioMetric: { good: {}, total: {} } } }, objectives: [{ target: 0.9 }] },
  };
  expect({ ...openSlo(await file('slo.json', JSON.stringify(document))) }).toEqual({ errorRate: '<= 10%' });
});

const refused: readonly {
  readonly name: string;
  readonly text?: string;
  readonly options?: object;
  readonly says: string;
}[] = [
  { name: 'missing.yaml', says: 'missing.yaml` cannot be used: there is no such file' },
  { name: 'broken.yaml', text: 'a: [', says: 'broken.yaml` cannot be used: Flow sequence' },
  { name: 'none.yaml', text: 'kind: SLI', says: 'none.yaml` cannot be used: it holds no object of `kind: SLO`' },
  { name: 'broken.json', text: '{', says: 'broken.json` cannot be used: ' },
  { name: 'latency.yaml', text: latency, says: '`spec.objectives[0].value` is 200 of a `thresholdMetric`' },
  { name: 'latency.yaml', text: latency, options: { latency: 'us' }, says: '`latency` must be `ms` or `s`, got "us"' },
  {
    name: 'latency.yaml',
    text: latency,
    options: { unit: 'ms' },
    says: '`unit` is no option of `openSlo`; known are name, latency',
  },
];
for (const { name, text, options, says } of refused) {
  test(`refused: ${says}`, async () => {
    const path = text === undefined ? join(folder, name) : await file(name, text);
    expect(() => openSlo(path, options as OpenSloOptions)).toThrow(says);
  });
}

test('what is no path is refused', () => {
  expect(() => openSlo('')).toThrow('`openSlo` needs the path of a file, got ""');
});
