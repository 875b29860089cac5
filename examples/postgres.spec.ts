/**
 * A database under load: each query is measured as a request is, by npm's `pg` and without one HTTP request. The
 * PostgreSQL is the spec's own; `DATABASE_URL` names another.
 */
import pg from 'pg';
import { arrivals, expect, test as base } from 'playload';
import { startTestPostgres } from '../server/testing/postgres.ts';

const test = base.extend<{ pool: pg.Pool }>({
  pool: async ({}, use) => {
    const { DATABASE_URL } = process.env;
    const server = DATABASE_URL === undefined ? await startTestPostgres() : undefined;
    const pool = new pg.Pool({ connectionString: server?.url ?? DATABASE_URL, max: 10 });
    // An idle connection that the server cuts off at its end is no error of the test.
    pool.on('connect', (client) => client.on('error', () => undefined));
    try {
      await pool.query('select 1'); // it answers
      await use(pool);
    } finally {
      await pool.end();
      await server?.stop();
    }
  },
});

test('a database sums a thousand numbers 100 times a second', async ({ load, pool }) => {
  const run = await load(
    arrivals('100/s').for('5s'),
    async ({ measure, check, iteration }) => {
      const tags = { kind: iteration % 5 === 0 ? 'report' : 'point' };
      const most = iteration % 5 === 0 ? 100_000 : 1_000;
      const { rows } = await measure(
        'select sum',
        async () => pool.query<{ sum: string }>('select sum(n)::text from generate_series(1, $1) n', [most]),
        { tags },
      );
      check('the sum is right', Number(rows[0]?.sum) === (most * (most + 1)) / 2);
    },
    { warmUp: '1s' },
  );
  expect(run.endpoint('select sum')).toMeet({ successRate: '100%', p95: '< 200ms' });
  expect(run.tag('kind', 'point')).toMeet({ p95: '< 200ms' });
});
