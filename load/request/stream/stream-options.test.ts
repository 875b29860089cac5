import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { methodOfStream, requestOptionsOf, type StreamOptions, streamPlanOf } from './stream-options.ts';

const wrong: readonly { readonly options: Record<string, unknown>; readonly problem: string }[] = [
  { options: { as: 'sse' }, problem: "`as` must be `'events'`, `'lines'`, `'chunks'`, got \"sse\"" },
  { options: { firstEventTimeout: 5 }, problem: '`firstEventTimeout` must be a duration such as' },
  { options: { stallAfter: '0s' }, problem: '`stallAfter` must be above 0, got "0s"' },
  { options: { timeout: -1 }, problem: '`timeout` must be a number of milliseconds from 0 on, got -1' },
  { options: { maxEventBytes: 0 }, problem: '`maxEventBytes` must be a whole number of bytes from 1 on, got 0' },
  { options: { isLast: true }, problem: '`isLast` must be a function of an event, got true' },
  { options: { tokens: 'mine' }, problem: '`tokens` must be `\'openai\'` or a function of an event, got "mine"' },
  { options: { reconnect: 1.5 }, problem: '`reconnect` must be a whole number from 0 on, got 1.5' },
  { options: { reconnect: 1, as: 'lines' }, problem: '`reconnect` is of server-sent events, which have ids' },
  { options: { allow: 'cut' }, problem: "`allow` must be a list of `'cut'`, `'stalled'`, `'empty'`, got" },
  { options: { allow: ['late'] }, problem: "`allow` must be a list of `'cut'`, `'stalled'`, `'empty'`, got" },
];
for (const { options, problem } of wrong)
  test(`${JSON.stringify(options)} is refused`, () => {
    expect(() => streamPlanOf(options as StreamOptions, 1)).toThrow(problem);
  });

test('all that is wrong is told at once: of each option the last of those above', () => {
  const options = Object.assign({}, ...wrong.map((row) => row.options)) as StreamOptions;
  expect(() => streamPlanOf(options, 1)).toThrow(/^8 problems:/);
});

test('silence is as long as a request may take, the whole as long as the run, and what is `null` was not given', () => {
  const plan = {
    form: undefined,
    firstEventMs: 700,
    stallMs: 700,
    totalMs: undefined,
    maxEventBytes: 1_048_576,
    reconnects: 0,
  };
  expect(streamPlanOf({}, 700)).toMatchObject(plan);
  expect(streamPlanOf({ timeout: 0, stallAfter: '2s' }, 700)).toMatchObject({ ...plan, stallMs: 2_000 });
  const nulls = { as: null, tokens: null, isLast: null, allow: null, stallAfter: null } as unknown as StreamOptions;
  expect(streamPlanOf(nulls, 700)).toMatchObject(plan);
});

test('tokens of OpenAI are in events whose last is `[DONE]`', () => {
  const { form, isLast } = streamPlanOf({ tokens: 'openai' }, 1);
  expect([form, isLast?.({ event: undefined, id: undefined, data: '[DONE]' })]).toEqual(['events', true]);
});

const methods: readonly { readonly options: StreamOptions; readonly method: string }[] = [
  { options: {}, method: 'GET' },
  { options: { data: { a: 1 } }, method: 'POST' },
  { options: { form: { a: 1 } }, method: 'POST' },
  { options: { data: 'x', method: 'put' }, method: 'PUT' },
];
for (const { options, method } of methods)
  test(`${JSON.stringify(options)} is sent by ${method}`, () => expect(methodOfStream(options)).toBe(method));

test('its request asks for no compression and has the time of the first event', () => {
  const plan = streamPlanOf({ as: 'events', firstEventTimeout: '3s' }, 1);
  expect(requestOptionsOf({ headers: { ACCEPT: 'a' }, name: 'n' }, plan)).toEqual({
    name: 'n',
    timeout: 3_000,
    headers: { 'accept-encoding': 'identity', ACCEPT: 'a' },
  });
  expect(requestOptionsOf({}, plan, { 'Accept-Encoding': 'br' }).headers).toEqual({ accept: 'text/event-stream' });
});
