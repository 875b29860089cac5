/** Longer sequences than the integration test has time for, on both databases. */
import { test } from './testing/plain-test.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { playSequences } from './testing/sequences.ts';

test('no long sequence breaks a rule on SQLite', async () => {
  test.setTimeout(180_000);
  await playSequences({ runs: 25, length: 50 });
});

test.describe('PostgreSQL', () => {
  let postgres: TestPostgres;
  test.beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  test.afterAll(() => postgres.stop());

  test('no sequence breaks a rule on PostgreSQL', async () => {
    test.setTimeout(120_000);
    const settings = async () => ({ DATABASE_URL: await postgres.newDatabase() });
    await playSequences({ settings, runs: 10, length: 30 });
  });
});
