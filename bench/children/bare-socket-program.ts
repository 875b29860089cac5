/**
 * The least that can be measured of a server from a process of its own: prebuilt bytes over kept sockets at a steady
 * rate, timed from the write to the first byte of the answer, which is not read. Prints `p50Ms` and `p99Ms`.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { percentilesOf } from '../percentiles.ts';

export interface BareSocketAsk {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly perSec: number;
}

export interface BareSocketRun {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const graceMs = 2_000;

async function measure({ url, seconds, connections, perSec }: BareSocketAsk): Promise<BareSocketRun> {
  const { hostname, port, pathname, host } = new URL(url);
  const bytes = Buffer.from(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  const tookMs: number[] = [];
  const free: Socket[] = [];
  const opened = Array.from({ length: connections }, async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    free.push(socket);
    return socket;
  });
  const sockets = await Promise.all(opened);
  const ask = (): void => {
    const socket = free.shift();
    if (socket === undefined) throw new Error(`${connections} sockets are too few for ${perSec}/s`);
    const sentAt = performance.now();
    socket.once('data', () => {
      tookMs.push(performance.now() - sentAt);
      free.push(socket);
    });
    socket.write(bytes);
  };
  await atRate(perSec, seconds, ask);
  const lastMs = performance.now() + graceMs;
  while (tookMs.length < perSec * seconds && performance.now() < lastMs)
    await new Promise((turn) => setTimeout(turn, 5));
  for (const socket of sockets) socket.destroy();
  if (tookMs.length < perSec * seconds) throw new Error(`${tookMs.length} of ${perSec * seconds} answers came`);
  const percentileMs = percentilesOf(tookMs);
  return { p50Ms: percentileMs(50), p99Ms: percentileMs(99) };
}

/** A timer's millisecond is fine enough: no answer is timed from its due moment. */
async function atRate(perSec: number, seconds: number, ask: () => void): Promise<void> {
  const zeroMs = performance.now();
  let sent = 0;
  await new Promise<void>((over) => {
    const timer = setInterval(() => {
      const due = Math.min(perSec * seconds, Math.floor(((performance.now() - zeroMs) * perSec) / 1_000));
      for (; sent < due; sent++) ask();
      if (sent < perSec * seconds) return;
      clearInterval(timer);
      over();
    }, 1);
  });
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '{}') as BareSocketAsk)));
