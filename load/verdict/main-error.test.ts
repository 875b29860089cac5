import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { errorKey, type ErrorGroup } from '../measure/run-data.ts';
import { mainErrorOf } from './main-error.ts';

const group = (kind: string, count: number, more: Partial<ErrorGroup> = {}): ErrorGroup => ({
  ...{ kind, count, endpoint: 'GET /a', sample: `${kind} it was` },
  ...more,
});
const sayings = (each: number) =>
  Array.from({ length: 10 }, (_, n) => group('HTTP 503', each, { shape: `GET /a: cause ${n}`, body: `cause ${n}` }));

const rows: readonly { readonly errors: readonly ErrorGroup[]; readonly says: string }[] = [
  { errors: [], says: '' },
  { errors: [...sayings(100), group('timeout', 150)], says: ' (1,000 × HTTP 503)' }, // by kind, in however many rows
  { errors: [...sayings(10), group('timeout', 150)], says: ' (150 × timeout)' },
  {
    errors: ['GET /a', 'GET /b'].map((endpoint) => group('HTTP 500', 3, { endpoint })).concat(group('timeout', 4)),
    says: ' (6 × HTTP 500)',
  },
  {
    errors: [group('exception', 9, { endpoint: 'scenario: exception it was' }), group('ECONNREFUSED', 1)],
    says: ' (1 × ECONNREFUSED)',
  },
  {
    errors: [group('exception', 2), group('exception', 3, { endpoint: 'scenario: no', sample: 'no' })],
    says: ' (3 × no)',
  },
];
for (const { errors, says } of rows)
  test(`${errors.map(({ kind, count }) => `${count} ${kind}`).join(', ') || 'none'} is told as \`${says}\``, () => {
    expect(mainErrorOf({ errors: new Map(errors.map((each) => [errorKey(each), each])) })).toBe(says);
  });
