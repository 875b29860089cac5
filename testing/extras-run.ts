/**
 * For tests of whatever shows runs: a run with streams of tokens, WebSockets, server timing and a page beside it, made
 * from a seed, the same on every machine. What was measured lies in its books as the recorder would file it.
 */
import { LatencyHistogram } from '../load/measure/histogram.ts';
import type { ProbeRound } from '../load/measure/probe-data.ts';
import { emptyProbe } from '../load/measure/probe-data.ts';
import { entry, emptyEndpoint, type RunData } from '../load/measure/run-data.ts';
import { emptySocketBook, emptySocketWindow } from '../load/measure/socket-book.ts';
import { emptyStreamBook, emptyStreamWindow, type StreamBook } from '../load/measure/stream-book.ts';
import { seededRandom, standardNormal } from '../load/random.ts';
import { sampleRun, type SampleOptions } from './page-run.ts';

/** Its rows: a stream of tokens, one of plain events, WebSockets, and plain requests. */
export const extrasEndpoints = ['POST /v1/chat/completions', 'GET /events', 'GET /ws', 'GET /api/v1/health'] as const;

/** What the page beside the load is called. */
export const probeName = 'shop front';

export interface ExtrasOptions extends SampleOptions {
  /** Text put where names and words of the run's own go: metrics, actions, failures. */
  readonly words?: string;
}

export function extrasRun({ words = 'add to cart', ...options }: ExtrasOptions = {}): RunData {
  const { seconds = 60, warmUpSeconds = 5, seed = 7 } = options;
  const run = sampleRun({ ...options, seconds, warmUpSeconds, endpoints: options.endpoints ?? extrasEndpoints });
  const random = seededRandom(seed + 1);
  const [chat, events, sockets, plain] = extrasEndpoints;
  addStreams(run, { name: chat, seconds, random, tokens: true });
  addStreams(run, { name: events, seconds, random, tokens: false });
  addSockets(run, { name: sockets, seconds, random });
  addServerTiming(run, { name: plain, words, random });
  addProbe(run, { words, seconds, random });
  return run;
}

interface Parts {
  readonly name: string;
  readonly seconds: number;
  readonly random: () => number;
}

/** Ten streams a second of eleven events, 50 ms apart; one in twenty stalls for a second, one in fifty is cut. */
export function addStreams(
  run: RunData,
  { name, seconds, random, tokens }: Parts & { readonly tokens: boolean },
): void {
  const book = (entry(run.endpoints, name, emptyEndpoint).stream = emptyStreamBook());
  for (let second = 0; second < seconds; second++) {
    for (let at = 0; at < 10; at++) oneStream(book, { startMs: second * 1_000 + at * 100, random, tokens });
  }
  book.reconnects = Math.floor(book.cut / 2);
}

function oneStream(
  book: StreamBook,
  { startMs, random, tokens }: { readonly startMs: number; readonly random: () => number; readonly tokens: boolean },
): void {
  const firstMs = 200 * Math.exp(0.1 * standardNormal(random));
  const isCut = random() < 0.02;
  const stallAt = random() < 0.05 ? 5 : -1;
  const events = isCut ? 4 : 11;
  let atMs = startMs + firstMs;
  book.streams += 1;
  if (isCut) book.cut += 1;
  if (stallAt >= 0) book.stalled += 1;
  for (let event = 0; event < events; event++) {
    const gapMs = event === 0 ? firstMs : event === stallAt ? 1_000 : 50 * Math.exp(0.05 * standardNormal(random));
    if (event > 0) atMs += gapMs;
    const window = entry(book.windows, Math.floor(atMs / 1_000), emptyStreamWindow);
    window.events += 1;
    book.events += 1;
    const [time, tokenTime] =
      event === 0 ? (['firstEvent', 'timeToFirstToken'] as const) : (['gap', 'interTokenLatency'] as const);
    window[time].record(gapMs);
    book[time].recordMs(gapMs);
    if (!tokens) continue;
    window.tokens += 1;
    book.tokens += 1;
    book[tokenTime].recordMs(gapMs);
  }
  book.eventsPerStream.recordMs(events);
  if (tokens) book.tokensPerStream.recordMs(events);
  if (isCut) return;
  book.duration.recordMs(atMs - startMs);
  if (tokens) book.timePerOutputToken.recordMs((atMs - startMs - firstMs) / (events - 1));
}

/** Fifty sockets, each of which sends ten messages a second and hears eleven; two are lost half-way. */
export function addSockets(run: RunData, { name, seconds, random }: Parts): void {
  const book = (entry(run.endpoints, name, emptyEndpoint).socket = emptySocketBook());
  for (let second = 0; second < seconds; second++) {
    const open = Math.min(50, (second + 1) * 10) - (second * 2 > seconds ? 2 : 0);
    const window = { ...emptySocketWindow(), open, sent: open * 10, received: open * 11 + Math.floor(random() * 9) };
    book.windows.set(second, window);
    book.sent += window.sent;
    book.received += window.received;
  }
  Object.assign(book, { opened: 50, bytesSent: book.sent * 40, bytesReceived: book.received * 40, abnormalCloses: 2 });
  book.closes.set('1000', 48).set('1006', 2);
  for (let socket = 0; socket < 50; socket++) book.openTime.recordMs((seconds - socket / 10) * 1_000);
}

function addServerTiming(
  run: RunData,
  { name, words, random }: Omit<Parts, 'seconds'> & { readonly words: string },
): void {
  const timing = new Map<string, LatencyHistogram>();
  for (const [metric, meanMs] of [
    ['db', 4],
    [`cache ${words}`, 0.3],
  ] as const) {
    const times = entry(timing, metric, () => new LatencyHistogram());
    for (let at = 0; at < 1_500; at++) times.recordMs(meanMs * Math.exp(0.4 * standardNormal(random)));
  }
  entry(run.endpoints, name, emptyEndpoint).serverTiming = timing;
}

/** Three idle rounds, then one every five seconds; the load adds 300 ms, and the third of them fails. */
export function addProbe(
  run: RunData,
  { words, seconds, random }: Omit<Parts, 'name'> & { readonly words: string },
): void {
  const probe = emptyProbe(5_000);
  const count = Math.max(3, Math.floor(seconds / 5));
  for (let at = -3; at < count; at++) {
    const phase = at < 0 ? 'idle' : 'load';
    const addedMs = phase === 'load' ? 300 : 0;
    const near = (ms: number) => Math.round(10 * (ms + 12 * standardNormal(random))) / 10;
    const round: ProbeRound = {
      atMs: at < 0 ? -20_000 + at * 3_000 : at * 5_000 + 40,
      phase,
      vitals: { lcp: near(420 + addedMs), inp: near(64), cls: 0.02, ttfb: near(60 + addedMs) },
      actions: { [words]: near(180 + addedMs), search: near(95 + addedMs) },
      ms: near(900 + 2 * addedMs),
      controlMs: Math.round(10 * ((phase === 'load' ? 84 : 80) + random())) / 10,
    };
    probe.rounds.push(at === 2 ? { ...round, vitals: {}, actions: {}, failure: `page crashed after ${words}` } : round);
  }
  run.probes.set(probeName, probe);
}
