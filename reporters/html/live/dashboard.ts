/**
 * The live page: a server on loopback in the reporter's process. Workers post a snapshot a second, open pages get what
 * came of it. Whatever goes wrong here costs a glance, never a run.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveSnapshot } from '../../../load/measure/snapshot.ts';
import type { ThresholdSummary } from '../../../load/measure/summary.ts';
import type { ReportedRun } from '../../reported-run.ts';
import { eventsPath, type LiveEnd, type PageData } from '../page-data.ts';
import { pageShell } from '../page-shell.ts';
import { bodyWithin, comesFromElsewhere, guardingHeaders, namesLoopback, sameToken } from './guard.ts';
import { Listeners } from './listeners.ts';
import { LiveRuns, type LiveTest } from './live-runs.ts';
import { restMs } from './rest.ts';

const liveWithoutScript = '<noscript>A live page is drawn by a script of its own; allow it to run.</noscript>';

export interface DashboardOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  /** Limits that a run had the last time, by its id. */
  readonly limitsOf?: (id: string) => readonly ThresholdSummary[];
  readonly pace?: Partial<Pace>;
}

/** How often open pages are brought up to date. */
export interface Pace {
  /** So often at most, however many workers post. */
  readonly updateEveryMs: number;
  /** Share of the time that goes into it at most: the figures of a long run take longer, so they come less often. */
  readonly updateShare: number;
  /** How long a page that has lost its connection waits before it comes back. */
  readonly comeBackMs: number;
}

export const defaultPace: Pace = { updateEveryMs: 1_000, updateShare: 0.003, comeBackMs: 2_000 };

export interface Dashboard {
  /** Where people look, the token in it: `http://127.0.0.1:41234/?token=…`. */
  readonly url: string;
  /** Where workers post their snapshots, the token in it: the value for `PLAYLOAD_LIVE_URL`. */
  readonly snapshotUrl: string;
  /** What came of a test's runs, judged; `why` tells of one that it had begun and brought to no end. */
  testEnded(test: LiveTest, brought: readonly ReportedRun[], why: string): void;
  /** The last state, which a page keeps when the server is gone. */
  end(end: LiveEnd): void;
  close(): Promise<void>;
}

/** Of a snapshot; one of 500 endpoints and 30 seconds has about 2 MB. */
const maxSnapshotBytes = 8 * 1_024 * 1_024;
/** Connections beyond are refused; those that send nothing end within seconds. */
const maxConnections = 256;
/** A client of this machine has sent its headers, and a worker its snapshot, long before. */
const limits = { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 };

/** Listens on 127.0.0.1 alone, and answers to its token alone. Rejects if the port is taken. */
export async function startDashboard({ port = 0, limitsOf, pace }: DashboardOptions = {}): Promise<Dashboard> {
  const token = randomBytes(24).toString('base64url');
  const live = new LiveState(limitsOf, { ...defaultPace, ...pace });
  const server = createServer(limits, (request, response) => {
    answer(request, response, { token, live }).catch(() => {
      // A connection that broke in the middle has nobody left to be told.
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.unref();
  return {
    url: `${origin}/?token=${token}`,
    snapshotUrl: `${origin}/snapshot?token=${token}`,
    testEnded: (...ended) => {
      live.testEnded(...ended);
    },
    end: (end) => {
      live.end(end);
    },
    close: () => {
      live.close();
      return closed(server);
    },
  };
}

/** The runs and the pages that follow them. */
class LiveState {
  readonly #runs: LiveRuns;
  readonly #listeners: Listeners;
  readonly #pace: Pace;
  #due: NodeJS.Timeout | undefined;
  /** How long the last two messages took: the first of a process takes many times as long as all others. */
  #tookMs: readonly [number, number] = [0, 0];
  #end: LiveEnd | undefined;

  constructor(limitsOf: DashboardOptions['limitsOf'], pace: Pace) {
    this.#runs = new LiveRuns(limitsOf);
    this.#listeners = new Listeners(pace.comeBackMs);
    this.#pace = pace;
  }

  get data(): PageData {
    return { kind: 'live', runs: this.#runs.views(), ...(this.#end !== undefined && { end: this.#end }) };
  }

  follow(response: ServerResponse): void {
    this.#listeners.add(response);
    this.#tellSoon();
  }

  apply(snapshot: LiveSnapshot): void {
    this.#runs.apply(snapshot);
    this.#tellSoon();
  }

  testEnded(...ended: Parameters<LiveRuns['testEnded']>): void {
    this.#runs.testEnded(...ended);
    this.#tellSoon();
  }

  end(end: LiveEnd): void {
    this.#end = end;
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#due);
    this.#tell();
    this.#listeners.close();
  }

  /** Several snapshots in one second make one message; without a page nothing is worked out at all. */
  #tellSoon(): void {
    this.#due ??= setTimeout(
      () => {
        this.#due = undefined;
        this.#tell();
      },
      restMs(Math.min(...this.#tookMs), { share: this.#pace.updateShare, leastMs: this.#pace.updateEveryMs }),
    ).unref();
  }

  #tell(): void {
    if (this.#listeners.size === 0) return;
    const startedAtMs = performance.now();
    try {
      this.#listeners.send(JSON.stringify(this.data));
    } catch {
      // A snapshot that was half understood cannot be drawn; the test run must not hear of it.
      this.#listeners.close();
    }
    this.#tookMs = [this.#tookMs[1], performance.now() - startedAtMs];
  }
}

interface Parts {
  readonly token: string;
  readonly live: LiveState;
}

async function answer(request: IncomingMessage, response: ServerResponse, { token, live }: Parts): Promise<void> {
  for (const [name, value] of Object.entries(guardingHeaders)) response.setHeader(name, value);
  const address = addressOf(request);
  const refusal = refusalOf(request, address, token);
  if (refusal !== undefined) {
    refuse(response, ...refusal);
    return;
  }
  const route = `${request.method ?? ''} ${address.pathname}`;
  if (route === 'POST /snapshot') {
    await takeSnapshot(request, response, live);
  } else if (route === 'GET /') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(pageShell(live.data, { title: 'Playload, live', body: liveWithoutScript }));
  } else if (route === `GET /${eventsPath}`) {
    live.follow(response);
  } else {
    refuse(response, 404, 'there is only the page itself');
  }
}

/** A target that is no path, such as `//[`, is none of ours: it counts as one without a token. */
function addressOf({ url = '' }: IncomingMessage): URL {
  const base = 'http://127.0.0.1';
  return URL.canParse(url, base) ? new URL(url, base) : new URL(base);
}

/** Before anything else is looked at: what is wrong with who asks, as status and words. */
function refusalOf(request: IncomingMessage, { searchParams }: URL, token: string): [number, string] | undefined {
  if (!namesLoopback(request)) return [421, 'this page answers to loopback names alone'];
  if (comesFromElsewhere(request)) {
    return [403, 'another page asked for this one: paste the printed address into the address bar instead'];
  }
  if (sameToken(searchParams.get('token') ?? '', token)) return undefined;
  return [403, 'the token of this run is missing or wrong: open the address as the test run printed it, `?token=` too'];
}

async function takeSnapshot(request: IncomingMessage, response: ServerResponse, live: LiveState): Promise<void> {
  const body = await bodyWithin(request, maxSnapshotBytes);
  if (body === undefined) {
    refuse(response, 413, `a snapshot has at most ${maxSnapshotBytes} bytes`);
    return;
  }
  try {
    live.apply(JSON.parse(body) as LiveSnapshot);
  } catch (error) {
    refuse(response, 400, error instanceof Error ? error.message : String(error));
    return;
  }
  response.writeHead(204).end();
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${reason}\n`);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, 200).unref();
  });
}
