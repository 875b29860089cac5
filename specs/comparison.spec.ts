/**
 * Comparison: the agent as it is answers as fast as the agent as it was, which runs beside it (`BEFORE_FOLDER`, another
 * checkout), or stands at `BASE_URL_BEFORE`. Without either there is nothing to compare with.
 */
import { test } from 'playload';

const { BEFORE_PORT, BASE_URL_BEFORE } = process.env;
const before = BASE_URL_BEFORE ?? (BEFORE_PORT === undefined ? undefined : `http://127.0.0.1:${BEFORE_PORT}`);

test('a list of workflows takes no longer than before', { tag: '@performance' }, async ({ load, baseURL }) => {
  test.skip(before === undefined, 'run with `--project=comparison` alone, or say `BASE_URL_BEFORE`');
  await load.compare(
    {
      a: { baseURL: before ?? '', name: 'before' },
      b: { baseURL: baseURL ?? '', name: 'now' },
      rate: '100/s',
    },
    ({ request }) => request.get('/api/v1/workflows?limit=20'),
  );
});
