import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { sampleOf } from '../../testing/virtual-run.ts';
import { phaseNames } from './samples/phases.ts';
import { type MeasuredIteration, Recorder } from './recorder.ts';

const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });
const request = fc.record({
  lateMs: ms(5),
  queuedMs: ms(50),
  opens: fc.boolean(),
  dnsMs: ms(5),
  connectMs: ms(5),
  tlsMs: ms(5),
  earlierHopsMs: ms(20),
  waitingMs: ms(500),
  receivingMs: ms(50),
  end: fc.constantFrom('answered', 'timed out', 'timed out before it was sent', 'failed'),
});

for (const model of ['open', 'closed'] as const) {
  const whole = model === 'open' ? 'response time' : 'time from the call';
  test(`${model} model: phases and the wait before them add up to the ${whole} of all that is judged`, () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 20 }), (requests) => {
        const recorder = new Recorder({
          plan: { index: 0, profile: 'any', model, warmUpMs: 0, whenSaturated: 'warn' },
        });
        recorder.begin(0);
        let expectedMs = 0;
        requests.forEach((given, at) => {
          const dueMs = at * 1_000;
          const calledAtMs = dueMs + given.lateMs;
          const setUp = given.opens ? { dnsMs: given.dnsMs, connectMs: given.connectMs, tlsMs: given.tlsMs } : {};
          const setUpMs = given.opens ? given.dnsMs + given.connectMs + given.tlsMs : 0;
          const isSent = given.end !== 'timed out before it was sent';
          const sentAtMs = calledAtMs + given.queuedMs + setUpMs;
          const isAnswered = given.end === 'answered';
          const endedAtMs = isSent
            ? sentAtMs + given.earlierHopsMs + given.waitingMs + (isAnswered ? given.receivingMs : 0)
            : sentAtMs;
          const iteration: MeasuredIteration = { warmUp: false, dueMs };
          recorder.arrivalDue(dueMs, false);
          recorder.iterationStarted(iteration, calledAtMs);
          recorder.requestStarted(iteration, calledAtMs);
          const sample = sampleOf('/', { calledAtMs, endedAtMs, status: isAnswered ? 200 : undefined });
          recorder.requestEnded(
            {
              ...sample,
              ...setUp,
              sentAtMs: isSent ? sentAtMs : undefined,
              waitingMs: isAnswered ? given.waitingMs : undefined,
              receivingMs: isAnswered ? given.receivingMs : undefined,
              ...(!isAnswered && {
                failure: { kind: given.end === 'failed' ? 'reset' : 'timeout', code: undefined, message: '' },
              }),
            },
            iteration,
          );
          recorder.iterationEnded(iteration, 'ok');
          if (given.end !== 'failed') expectedMs += endedAtMs - (model === 'open' ? dueMs : calledAtMs);
        });
        recorder.finish();
        const [row] = recorder.data.endpoints.values();
        const sum = (count: number, mean: number) => count * mean;
        const stats = phaseNames.map((phase) => row?.phases[phase].stats());
        const toldMs = stats.reduce((all, each) => all + sum(each?.count ?? 0, each?.mean ?? 0), row?.blockedMs ?? 0);
        expect(Math.abs(toldMs - expectedMs)).toBeLessThan(0.01 * requests.length); // each is rounded to a microsecond
        if (model === 'open' && row !== undefined && row.response.count > 0) {
          const response = row.response.stats();
          expect(Math.abs(toldMs - sum(response?.count ?? 0, response?.mean ?? 0))).toBeLessThan(
            0.01 * requests.length,
          );
        }
      }),
    );
  });
}
