/**
 * A whole run in virtual time, for tests: a fake request context whose server answers as the test says, and all that
 * was measured.
 */
import { setMaxListeners } from 'node:events';
import type { HttpSample } from '../load/measure/samples/http.ts';
import { Recorder } from '../load/measure/recorder.ts';
import type { RunData } from '../load/measure/run-data.ts';
import { type Profile, wholeShare } from '../load/profile/profile.ts';
import { requestError } from '../load/request/errors.ts';
import { type RunEnd, Running } from '../load/run/run-load.ts';
import type { RunParts } from '../load/run/run-parts.ts';
import type { StreamingRequestContext, Scenario } from '../load/run/scenario.ts';
import type { MakeContexts } from '../load/run/simulated-user.ts';
import { VirtualClock } from './virtual-clock.ts';

/** How the server takes a request: milliseconds until it answers, and with what; `never` waits for the run's end. */
export type Answer = { readonly afterMs: number; readonly status?: number; readonly timesOut?: true } | 'never';

export interface VirtualRunParts extends Partial<Omit<RunParts, 'profile' | 'scenario' | 'recorder' | 'clock'>> {
  readonly clock?: VirtualClock;
  readonly answer?: (url: string, calledAtMs: number) => Answer;
  readonly expectStatus?: (status: number) => boolean;
  /** Told when the load is over. */
  readonly onEnd?: () => void;
}

export interface VirtualRun {
  readonly data: RunData;
  readonly end: RunEnd;
  readonly clock: VirtualClock;
  /** When each request was called, in milliseconds of the virtual clock. */
  readonly calledAtMs: readonly number[];
}

export const getRoot: Scenario<unknown> = async ({ request }) => request.get('/');

export async function liveThrough(
  profile: Profile,
  scenario: Scenario<unknown> = getRoot,
  {
    clock = new VirtualClock(),
    answer = () => ({ afterMs: 0 }),
    expectStatus,
    onEnd,
    warmUpMs = 0,
    ...parts
  }: VirtualRunParts = {},
): Promise<VirtualRun> {
  const recorder = new Recorder({
    plan: { index: 0, profile: profile.describe(), model: profile.model, warmUpMs, whenSaturated: 'invalid' },
    ...(expectStatus && { expectStatus }),
  });
  const calledAtMs: number[] = [];
  const end = await clock.live(
    carryOut(onEnd, {
      share: wholeShare,
      maxInFlight: 1_000,
      requestTimeoutMs: 10_000,
      gracefulStopMs: 30_000,
      maxDurationMs: 600_000,
      seed: 1,
      ...parts,
      warmUpMs,
      profile,
      scenario,
      recorder,
      clock,
      makeContexts: fakeContexts(clock, answer, (ms) => calledAtMs.push(ms)),
    }),
  );
  return { data: recorder.data, end, clock, calledAtMs };
}

async function carryOut(onEnd: (() => void) | undefined, parts: RunParts): Promise<RunEnd> {
  const run = new Running(parts);
  try {
    await run.setUpUsers();
    return await run.carryOut({ onEnd: async () => onEnd?.() });
  } finally {
    await run.close();
  }
}

function fakeContexts(
  clock: VirtualClock,
  answer: NonNullable<VirtualRunParts['answer']>,
  onSend: (atMs: number) => void,
): MakeContexts {
  return ({ onCall, onRequest, callSite, isForgotten }) => {
    const disposed = new AbortController();
    setMaxListeners(0, disposed.signal); // every request under way listens
    const get = async (url: string) => {
      const calledAtMs = clock.now();
      onSend(calledAtMs);
      const tag = onCall(calledAtMs, callSite());
      const given = answer(url, calledAtMs);
      await clock.sleepUntil(given === 'never' ? calledAtMs + 1e9 : calledAtMs + given.afterMs, disposed.signal);
      const timedOut = given !== 'never' && given.timesOut === true && !disposed.signal.aborted;
      const status = given === 'never' || timedOut || disposed.signal.aborted ? undefined : (given.status ?? 200);
      const sample = sampleOf(url, { calledAtMs, endedAtMs: clock.now(), status });
      if (timedOut) sample.failure = { kind: 'timeout', code: undefined, message: 'Timeout exceeded.' };
      onRequest({ ...sample, tag });
      if (disposed.signal.aborted && isForgotten(tag)) return new Promise<never>(() => undefined);
      if (status === undefined) throw requestError(new Error('the context was disposed'));
      return { status: () => status };
    };
    const context = { get, dispose: async () => disposed.abort() };
    const request = context as unknown as StreamingRequestContext;
    const outside = () => outsideOf(clock, answer);
    return { request, newContext: async () => request, outside };
  };
}

/** A context whose requests are in no number: nobody is told of them. */
function outsideOf(clock: VirtualClock, answer: NonNullable<VirtualRunParts['answer']>): StreamingRequestContext {
  const get = async (url: string) => {
    const given = answer(url, clock.now());
    await clock.sleepUntil(clock.now() + (given === 'never' ? 1e9 : given.afterMs));
    return { status: () => (given === 'never' ? 0 : (given.status ?? 200)) };
  };
  return { get, dispose: async () => undefined } as unknown as StreamingRequestContext;
}

/** A request to `http://server` + url; without a status it was given up. */
export function sampleOf(
  url: string,
  {
    calledAtMs,
    endedAtMs,
    status,
  }: { readonly calledAtMs: number; readonly endedAtMs: number; readonly status: number | undefined },
): HttpSample & { failure: HttpSample['failure'] } {
  return {
    kind: 'http',
    method: 'GET',
    url: `http://server${url}`,
    name: undefined,
    calledAtMs,
    sentAtMs: calledAtMs,
    endedAtMs,
    status,
    bytesSent: 0,
    bytesReceived: 100,
    failure:
      status === undefined ? { kind: 'aborted', code: undefined, message: 'the context was disposed' } : undefined,
    dnsMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    waitingMs: endedAtMs - calledAtMs,
    receivingMs: 0,
    details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
  };
}
