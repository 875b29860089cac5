/**
 * Twenty seconds of an access log, with the bursts that users made, four times as fast. The line that no client of HTTP
 * has sent is left out, and told in the profile's words.
 */
import { expect, replay, test } from 'playload';

test('the log of a busy moment, four times as fast', async ({ load }) => {
  const log = replay('access.log', { speed: 4 });
  expect(log.leftOut).toEqual({ malformed: 1 });
  const run = await load(log);
  expect(run).toMeet({ successRate: '100%', responseTime: { p95: '< 200ms' } });
});

test('the same log, by users who are known', async ({ load }) => {
  const run = await load(replay('access.log', { speed: 10 }), async ({ request, data, check }) => {
    const answer = await request.fetch(data.url, { method: data.method, headers: { 'x-request-id': 'replayed' } });
    check('answers as it did then', answer.status() === data.status);
  });
  expect(run).toMeet({ successRate: '100%', responseTime: { p95: '< 200ms' } });
});
