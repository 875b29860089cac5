/** Decides on workflows, so many at a time, and prints how that went. What is asked for is its one argument, as JSON. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { percentilesOf } from '../percentiles.ts';
import type { DecisionsAsk, DecisionsRun } from './decisions.ts';

/** For one answer, or one event. */
const patienceMs = 10_000;

const ask = JSON.parse(process.argv[2] ?? '{}') as DecisionsAsk;
const agent = new Agent({ keepAlive: true, maxSockets: 2 * ask.connections });
const pathOf = (id: string, what: string) => `${ask.url}/api/v1/workflows/${id}/${what}`;

async function send(method: 'GET' | 'POST', url: string): Promise<IncomingMessage> {
  const sent = request(url, { method, agent, signal: AbortSignal.timeout(patienceMs) }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

/** @returns milliseconds; undefined if it was refused. */
async function decide(id: string, verdict: string): Promise<number | undefined> {
  const beganAtMs = performance.now();
  const response = await send('POST', pathOf(id, verdict));
  response.resume();
  await once(response, 'end');
  return response.statusCode === 200 ? performance.now() - beganAtMs : undefined;
}

/** From the request to the first event. */
async function open(id: string): Promise<number> {
  const askedAtMs = performance.now();
  const stream = await send('GET', pathOf(id, 'events'));
  try {
    await said(stream, 'event: queued');
    return performance.now() - askedAtMs;
  } finally {
    stream.destroy();
  }
}

/** From the sending of the approval to the event that tells of it. */
async function follow(id: string): Promise<number | undefined> {
  const stream = await send('GET', pathOf(id, 'events'));
  try {
    await said(stream, 'event: queued');
    const decidedAtMs = performance.now();
    const told = said(stream, 'event: applying');
    const [took] = await Promise.all([decide(id, 'approve'), told]);
    return took === undefined ? undefined : performance.now() - decidedAtMs;
  } finally {
    stream.destroy();
  }
}

function timed(id: string): Promise<number | undefined> {
  if (ask.what === 'open') return open(id);
  return ask.what === 'follow' ? follow(id) : decide(id, ask.what);
}

async function said(stream: IncomingMessage, words: string): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error) => {
      stream.off('data', read).off('error', end).off('close', closed);
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) end();
    };
    const closed = () => end(new Error(`the stream ended without \`${words}\``));
    const timer = setTimeout(() => end(new Error(`no \`${words}\` within ${patienceMs} ms`)), patienceMs);
    stream.on('data', read).on('error', end).on('close', closed);
  });
}

const tookMs: number[] = [];
let failed = 0;
const waiting = [...ask.ids];
const beganAtMs = performance.now();
await Promise.all(
  Array.from({ length: ask.connections }, async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      // A request that failed is a figure, and the next one may succeed.
      const took = await timed(id).catch(() => undefined);
      if (took === undefined) failed += 1;
      else tookMs.push(took);
    }
  }),
);
const seconds = (performance.now() - beganAtMs) / 1_000;
agent.destroy();
const percentile = percentilesOf(tookMs);
const run: DecisionsRun = {
  ...{ failed, perSec: tookMs.length / seconds },
  ...(tookMs.length > 0 && { tookMs: { p50: percentile(50), p99: percentile(99) } }),
};
process.stdout.write(JSON.stringify(run));
