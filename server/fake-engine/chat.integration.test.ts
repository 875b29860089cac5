/** OpenAI's API of the fake engine, as a client meets it: over a socket, read by npm's `eventsource-parser`. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { createParser } from 'eventsource-parser';
import { LivedTime } from '../testing/lived-time.ts';
import { test } from '../testing/plain-test.ts';
import { readScrape } from '../domain/engines/scrape.ts';
import { snapshotFrom } from '../domain/engines/snapshot-from.ts';
import type { ChatFault } from './faults.ts';
import type { FakeEngineOptions } from './options.ts';
import { startFakeEngine, type RunningFakeEngine } from './server.ts';

let running: RunningFakeEngine | undefined;
test.afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const model = 'meta-llama/Llama-3.1-8B-Instruct';
const messages = [{ role: 'user', content: 'Say something.' }];

/** Nobody else asks it anything, and a second of it lasts 100 ms. */
async function start(options: FakeEngineOptions = {}): Promise<RunningFakeEngine> {
  running = await startFakeEngine({ scenario: 'idle', speed: 10, warm_up_s: 0, ...options });
  return running;
}

function ask(path: string, body: unknown, signal: AbortSignal | null = null): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${running?.url}${path}`, { method: 'POST', body: text, signal });
}

const chat = (more: object = {}) => ask('/v1/chat/completions', { model, messages, stream: true, seed: 7, ...more });

/** The data of all events, until the end or until it breaks off. */
async function eventsOf(response: Response, onEvent: () => void = () => undefined) {
  const data: string[] = [];
  const parser = createParser({
    onEvent: (event) => {
      data.push(event.data);
      onEvent();
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  } catch (error) {
    return { data, error };
  }
  return { data, error: undefined };
}

interface Chunk {
  readonly id: string;
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[];
  readonly error?: object;
}

const chunksOf = (data: readonly string[]) =>
  data.filter((one) => one !== '[DONE]').map((one) => JSON.parse(one) as Chunk);
const textOf = (data: readonly string[]) =>
  chunksOf(data)
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('');

test('a streamed chat has role, tokens, reason, usage and an end', async () => {
  await start();
  const response = await chat({ max_tokens: 3, stream_options: { include_usage: true } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const { data } = await eventsOf(response);
  const chunks = chunksOf(data);
  const head = { id: expect.stringMatching(/^chatcmpl-\w{32}$/), object: 'chat.completion.chunk', model };
  const of = (delta: object, more: object = {}) =>
    expect.objectContaining({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }],
    }) as object;
  const word = { content: expect.stringMatching(/^ ?\S+$/) };
  expect(chunks).toEqual([
    of({ role: 'assistant', content: '' }),
    of(word),
    of(word),
    of(word),
    of({ content: '' }, { finish_reason: 'length', stop_reason: null }),
    expect.objectContaining({
      ...head,
      choices: [],
      usage: { prompt_tokens: 4, total_tokens: 7, completion_tokens: 3 },
    }),
  ]);
  expect(data.at(-1)).toBe('[DONE]');
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
});

test('streamed or not, a chat or a completion: the same seed has the same text', async () => {
  await start();
  const streamed = textOf((await eventsOf(await chat({ max_tokens: 20 }))).data);
  const whole: unknown = await (await chat({ max_tokens: 20, stream: false })).json();
  expect(whole).toMatchObject({
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: streamed }, finish_reason: 'length' }],
    usage: { prompt_tokens: 4, completion_tokens: 20, total_tokens: 24 },
  });
  const completion = { model, prompt: 'Say something.', max_tokens: 20, seed: 7 };
  expect(await (await ask('/v1/completions', completion)).json()).toMatchObject({
    id: expect.stringMatching(/^cmpl-/),
    object: 'text_completion',
    choices: [{ text: streamed, finish_reason: 'length' }],
  });
  const { data } = await eventsOf(await ask('/v1/completions', { ...completion, stream: true }));
  expect(
    data
      .slice(0, -1)
      .map((one) => (JSON.parse(one) as { choices: { text: string }[] }).choices[0]?.text)
      .join(''),
  ).toBe(streamed);
});

test('an answer stops by itself, or is as long as it may be', async () => {
  await start({ speed: 100 });
  const reason = async (more: object) => {
    const { data } = await eventsOf(await chat(more));
    const chunks = chunksOf(data);
    return [chunks.at(-1)?.choices[0]?.finish_reason, chunks.length - 2];
  };
  const [stop, own] = await reason({});
  expect([stop, Number(own) >= 150 && Number(own) <= 450]).toEqual(['stop', true]);
  expect(await reason({ max_tokens: 500, ignore_eos: true })).toEqual(['length', 500]);
});

test('the head comes at once, tokens one after the other', async () => {
  const time = new LivedTime();
  try {
    running = await startFakeEngine({ scenario: 'idle', speed: 1, warm_up_s: 0 }, time);
    const startedMs = time.nowMs();
    const response = await chat({ max_tokens: 21 });
    const headMs = time.nowMs() - startedMs;
    const timesMs: number[] = [];
    await eventsOf(response, () => timesMs.push(time.nowMs() - startedMs));
    const [, first = 0, ...later] = timesMs; // the role comes with the first token
    expect(first).toBeGreaterThan(headMs);
    const lastMs = later.at(-3) ?? 0; // before the reason and the end
    expect(lastMs - first).toBeGreaterThan(20 * 20 * 0.9);
    expect(new Set(later.map((ms) => Math.round(ms / 20))).size).toBeGreaterThan(10); // not in lumps
  } finally {
    time.stop();
  }
});

const refusals = [
  { title: 'no JSON', status: 400, type: 'BadRequestError', body: '{' },
  { title: 'an unknown model', status: 404, type: 'NotFoundError', body: { model: 'gpt-7', messages } },
  { title: 'a body of 70 KB', status: 400, type: 'BadRequestError', body: 'x'.repeat(70_000) },
  {
    title: 'more than the context',
    status: 400,
    type: 'BadRequestError',
    body: { model, messages, max_tokens: 8_190 },
  },
];
for (const { title, status, type, body } of refusals) {
  test(`a chat with ${title} is refused with ${status} in OpenAI's form`, async () => {
    await start();
    const response = await ask('/v1/chat/completions', body);
    expect(response.status).toBe(status);
    const error = { message: expect.stringMatching(/./), type, param: null, code: status };
    expect(await response.json()).toEqual({ error });
  });
}

test('the model is listed under the name that chats ask for', async () => {
  const { url } = await start({ model: 'mine' });
  expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({ object: 'list', data: [{ id: 'mine' }] });
});

test('a client that goes away ends its request, and so does the engine that stops', async () => {
  const { engine, metricsUrl, stop } = await start({ speed: 1 });
  const page = async () => readScrape(await (await fetch(metricsUrl)).text(), Date.now());
  const previous = await page();
  const leaving = new AbortController();
  const body = { model, messages, stream: true, max_tokens: 1_000, ignore_eos: true };
  const response = await ask('/v1/chat/completions', body, leaving.signal);
  const reading = eventsOf(response, () => leaving.abort());
  expect((await reading).error).toMatchObject({ name: 'AbortError' });
  await expect.poll(() => engine.levels().running, { timeout: 20_000 }).toBe(0);
  expect(snapshotFrom({ engine: 'vllm', previous, current: await page() })).toMatchObject({ aborted: 1, done: 0 });

  const open = eventsOf(await ask('/v1/chat/completions', body));
  await stop();
  running = undefined;
  expect((await open).error).toBeDefined();
});

test('a client that does not read holds up its own stream alone', async () => {
  const { port, engine } = await start({ speed: 1_000 });
  const asking = httpRequest({ port, path: '/v1/chat/completions', method: 'POST' });
  asking.end(JSON.stringify({ model, messages, stream: true, max_tokens: 8_000, ignore_eos: true }));
  const [response] = (await once(asking, 'response')) as [NodeJS.ReadableStream];
  response.pause();
  expect((await eventsOf(await chat({ max_tokens: 3 }))).data.at(-1)).toBe('[DONE]');
  asking.destroy();
  await expect.poll(() => engine.levels().running, { timeout: 20_000 }).toBe(0);
});

const faults: { fault: ChatFault; tokens: number; ends: string }[] = [
  { fault: { kind: 'cut', after_tokens: 3, every: 1 }, tokens: 3, ends: 'broken off' },
  { fault: { kind: 'cut', after_tokens: 0, every: 1 }, tokens: 0, ends: 'broken off' },
  { fault: { kind: 'error', after_tokens: 3, every: 1 }, tokens: 3, ends: 'with an error' },
  { fault: { kind: 'stall', after_tokens: 3, every: 1, for_ms: 200 }, tokens: 10, ends: 'whole' },
];
for (const { fault, tokens, ends } of faults) {
  test(`fault ${JSON.stringify(fault)} shows ${tokens} tokens and ends ${ends}`, async () => {
    const { setChatFault } = await start();
    const whole = textOf((await eventsOf(await chat({ max_tokens: 10 }))).data);
    setChatFault(fault);
    const { data, error } = await eventsOf(await chat({ max_tokens: 10 }));
    const chunks = chunksOf(data);
    const texts = chunks.flatMap(({ choices, error: told }) =>
      told === undefined ? (choices[0]?.delta.content ?? '') : '',
    );
    expect(texts.filter((text) => text !== '')).toEqual(whole.split(/(?= )/).slice(0, tokens));
    const end =
      error !== undefined ? 'broken off' : chunks.some((one) => one.error !== undefined) ? 'with an error' : 'whole';
    expect(end).toBe(ends);
  });
}

test('a stall without an end is silent for ever, until the client goes', async () => {
  const { setChatFault, engine } = await start();
  setChatFault({ kind: 'stall', after_tokens: 1, every: 1 });
  const body = { model, messages, stream: true, max_tokens: 10 };
  const leaving = new AbortController();
  let events = 0;
  const response = await ask('/v1/chat/completions', body, leaving.signal);
  const { data, error } = await eventsOf(response, () => {
    if (++events === 2) setTimeout(() => leaving.abort(), 300);
  });
  expect([data.length, (error as Error).name]).toEqual([2, 'AbortError']);
  await expect.poll(() => engine.levels().running, { timeout: 20_000 }).toBe(0);
});

test('whoever directs the play lets each third stream break off', async () => {
  const { url } = await start();
  const control = (body: object) => fetch(`${url}/control`, { method: 'PUT', body: JSON.stringify(body) });
  const fault = { kind: 'cut', after_tokens: 2, every: 3 };
  expect(await (await control({ chat_fault: fault })).json()).toMatchObject({ chat_fault: fault });
  const cuts: boolean[] = [];
  for (let n = 0; n < 6; n += 1) cuts.push((await eventsOf(await chat({ max_tokens: 5 }))).error !== undefined);
  expect(cuts).toEqual([false, false, true, false, false, true]);
  expect(await (await control({ chat_fault: null })).json()).toMatchObject({ chat_fault: null });
  expect((await control({ chat_fault: { kind: 'shout' } })).status).toBe(422);
});

test('a rollout restarts the engine and cuts what it was at', async () => {
  const { setScenario } = await start({ speed: 1 });
  const open = chat({ max_tokens: 1_000, ignore_eos: true });
  const response = await open;
  const reading = eventsOf(response);
  await sleep(100);
  setScenario('healthy');
  expect((await reading).error).toBeDefined();
});

test('a full TGI refuses with 429', async () => {
  await start({ engine: 'tgi', speed: 1 });
  const gone = new AbortController();
  const body = { model, messages, stream: true, max_tokens: 1_000, ignore_eos: true };
  const taken = await Promise.all(Array.from({ length: 128 }, () => ask('/v1/chat/completions', body, gone.signal)));
  expect(new Set(taken.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await chat();
  expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining({ error: expect.anything() })]);
  gone.abort();
});
