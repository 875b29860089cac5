/**
 * A server of event streams that keeps a log of its own times. `/seeded?n=7`: the seventh stream of a schedule that a seed
 * gives. `/flood?perSec=1000&seconds=5`: events with the moment at which each was written. `/held`: one event, and then
 * nothing for as long as it is wanted. `/log`: what the seeded streams did.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../load/random.ts';
import { schedule, type StreamLog } from './stream-schedule.ts';

const logs: StreamLog[] = [];
const asEvents = { 'content-type': 'text/event-stream' };

/** The second part of an event comes so much later than the first, which ends within a character. */
const splitMs = 5;

async function seeded(response: ServerResponse, n: number): Promise<void> {
  const askedAtMs = performance.now();
  response.socket?.setNoDelay(true);
  response.writeHead(200, asEvents).flushHeaders();
  const random = seededRandom(n);
  const log: StreamLog = { n, isCut: schedule.isCut(n), firstMs: 0, gapsMs: [], bytes: '' };
  const sent: Buffer[] = [];
  let [dueMs, lastMs] = [askedAtMs, askedAtMs];
  for (let event = 0; event < (log.isCut ? schedule.cutAfter : schedule.events); event++) {
    dueMs += event === 0 ? schedule.firstMs : schedule.gapMs + (random() < schedule.stallShare ? schedule.stallMs : 0);
    const bytes = Buffer.from(`id: ${event}\ndata: ${n} ä€😀 ${event}\n\n`);
    const middle = bytes.indexOf(Buffer.from('€')) + 1;
    await sleep(Math.max(0, dueMs - splitMs - performance.now()));
    response.write(bytes.subarray(0, middle));
    await sleep(Math.max(0, dueMs - performance.now()));
    response.write(bytes.subarray(middle));
    const nowMs = performance.now();
    if (event === 0) log.firstMs = nowMs - askedAtMs;
    else log.gapsMs.push(nowMs - lastMs);
    lastMs = nowMs;
    sent.push(bytes);
  }
  log.bytes = Buffer.concat(sent).toString('base64');
  logs.push(log);
  if (log.isCut) setTimeout(() => response.destroy(), 20);
  else response.end();
}

/** Milliseconds of the clock that all processes of a machine share. */
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

async function flood(response: ServerResponse, perSec: number, seconds: number): Promise<void> {
  response.writeHead(200, asEvents);
  const beganAtMs = performance.now();
  let sent = 0;
  while (sent < perSec * seconds && !response.destroyed) {
    const due = Math.min(perSec * seconds, Math.floor(((performance.now() - beganAtMs) / 1_000) * perSec));
    const atMs = monotonicMs().toFixed(3);
    let text = '';
    for (; sent < due; sent++) text += `data: ${atMs}\n\n`;
    if (text !== '') response.write(text);
    await sleep(1);
  }
  response.end();
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const number = (name: string): number => Number(searchParams.get(name));
  if (pathname === '/seeded') void seeded(response, number('n'));
  else if (pathname === '/flood') void flood(response, number('perSec'), number('seconds'));
  else if (pathname === '/held') response.writeHead(200, asEvents).write('data: x\n\n');
  else response.end(JSON.stringify(logs));
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
