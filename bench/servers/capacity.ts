/**
 * Servers of known capacity: `/queue` answers one request after the other, each in 5 ms; `/pool` four at a time, each in
 * 20 ms; `/limiter` 300 in each second, and 429 to whatever else; `/mortal` as `/pool` until more than 250 come within a
 * second, and never again.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { capacities } from '../calibration/capacities.ts';
import { hold } from './hold.ts';

const body = '{"status":"healthy"}';

/** Takes what comes in turn with so many hands. */
function line(hands: number, ms: number): (response: ServerResponse) => void {
  const freeAtMs = Array.from({ length: hands }, () => 0);
  return (response) => {
    const now = performance.now();
    const hand = freeAtMs.indexOf(Math.min(...freeAtMs));
    const endMs = Math.max(now, freeAtMs[hand] ?? 0) + ms;
    freeAtMs[hand] = endMs;
    hold(endMs - now, () => response.end(body));
  };
}

/** How many of the last second there were, this one included. */
function counter(): () => number {
  const came: number[] = [];
  return () => {
    const now = performance.now();
    came.push(now);
    while ((came[0] ?? now) <= now - 1_000) came.shift();
    return came.length;
  };
}

const { queue, pool, limiter, mortal } = capacities;
const limited = counter();
const asked = counter();
let isDead = false;
const ofMortal = line(4, 1_000 / (mortal.perSec / 4));

const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/queue': (
    (serve) => (_: IncomingMessage, response: ServerResponse) =>
      serve(response)
  )(line(1, 1_000 / queue.perSec)),
  '/pool': (
    (serve) => (_: IncomingMessage, response: ServerResponse) =>
      serve(response)
  )(line(4, 4_000 / pool.perSec)),
  '/limiter': (_, response) => {
    if (limited() > limiter.perSec) response.statusCode = 429;
    response.end(body);
  },
  '/mortal': ({ socket }, response) => {
    isDead ||= asked() > mortal.perSec * 1.25;
    if (isDead) socket.destroy();
    else ofMortal(response);
  },
};

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const route = routes[request.url ?? ''];
  if (route === undefined) response.writeHead(404).end();
  else route(request, response);
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
