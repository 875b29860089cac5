import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { type Agreement, disagreement } from './agreement.ts';

const first: Agreement = {
  words: '20/s for 3s',
  planHash: 'a1',
  scenarioHash: 'b1',
  rows: 2,
  baseURL: 'http://a.test',
};
const path = 'the test runs once on each core and must come to the same loads';
const cases: readonly { other: Partial<Agreement>; says: string }[] = [
  { other: { words: '10/s for 3s', planHash: 'a2' }, says: 'called `10/s for 3s`, and the first core `20/s for 3s`: ' },
  { other: { planHash: 'a2' }, says: 'called `20/s for 3s` with other options: ' },
  { other: { scenarioHash: 'b2' }, says: 'called `20/s for 3s` with another scenario: ' },
  { other: { userHash: 'u2' }, says: 'called `20/s for 3s` with another `user`: ' },
  { other: { userRows: 3 }, says: 'has 3 rows in its `userData`, and the first core no row: ' },
  { other: { rows: 1 }, says: 'has 1 row in its feeder, and the first core 2 rows: ' },
];
for (const { other, says } of cases) {
  test(`a core that ${says.slice(0, -2)} is told so`, () => {
    expect(disagreement(first, { ...first, ...other })).toContain(`${says}${path}`);
  });
}

test('a core with a server of its own is told where to start one for all', () => {
  expect(disagreement(first, { ...first, baseURL: 'http://b.test' })).toMatch(
    /^has the `baseURL` `http:\/\/b\.test`, and the first core the `baseURL` `http:\/\/a\.test`: .*`webServer` or `globalSetup`/,
  );
  expect(disagreement(first, { words: '20/s for 3s', planHash: 'a1', scenarioHash: 'b1', rows: 2 })).toMatch(
    /^has no `baseURL`, and the first core/,
  );
});

test('who comes the same way is not told anything', () => {
  expect(disagreement(first, { ...first })).toBeUndefined();
});
