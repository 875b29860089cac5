/** What the agent measures about itself, for Prometheus. */
import { setImmediate } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { workflowStatuses } from '../domain/workflows/states.ts';
import type { EventLoopMonitor } from './event-loop.ts';
import type { WorkPool } from './collection/work-pool.ts';

interface TelemetryParts {
  readonly loop: EventLoopMonitor;
  readonly pool: WorkPool;
  /** Workflows by state, asked when a page is made. */
  readonly countWorkflows: () => Promise<ReadonlyMap<string, number>>;
  /** When the oldest workflow of each state that is not over, nor queued, came into it; milliseconds since 1970. */
  readonly oldestWorkflows: () => Promise<ReadonlyMap<string, number>>;
  /** Whether the database takes writes; may remember for a moment. */
  readonly isWritable: () => Promise<boolean>;
}

/** From what a health check takes to where a client gives up, in seconds. */
const httpBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const scrapeBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];

interface MetricsPage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** Counting walks an index of all workflows: a millisecond for ten thousand, however often a page is asked for. */
const countedForMs = 1_000;

/** The same answer for a second: a count goes through all workflows, however many ask. A failure is not kept. */
function remembered<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let last: Answer | undefined;
  let againAtMs = 0;
  return async () => {
    if (last !== undefined && performance.now() < againAtMs) return last;
    last = undefined;
    last = await ask();
    againAtMs = performance.now() + countedForMs;
    return last;
  };
}

/** Asking the same labels again costs a string, not the making of a key out of three. */
type Observe = (seconds: number) => void;

export class Telemetry {
  readonly #registry = new Registry();
  readonly #http: Histogram<'method' | 'route' | 'status'>;
  readonly #scrapes: Histogram<'engine' | 'outcome'>;
  readonly #refused: Counter<'reason'>;
  readonly #observers = new Map<string, Observe>();
  readonly #encoder = new TextEncoder();
  /** Asked for, and not begun. */
  #page: Promise<MetricsPage> | undefined;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#http = new Histogram({
      name: 'agent_http_request_duration_seconds',
      help: 'From the request to its answer, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: httpBuckets,
      registers,
    });
    this.#scrapes = new Histogram({
      name: 'agent_scrape_duration_seconds',
      help: "Reading an engine's metrics page, by how it ended",
      labelNames: ['engine', 'outcome'],
      buckets: scrapeBuckets,
      registers,
    });
    this.#refused = new Counter({
      name: 'agent_requests_refused_total',
      help: 'Requests refused before they reached a route',
      labelNames: ['reason'],
      registers,
    });
  }

  readonly onRequest = (method: string, route: string, status: number, tookMs: number): void => {
    const name = `${method} ${route} ${status}`;
    let observe = this.#observers.get(name);
    if (observe === undefined) {
      const child = this.#http.labels({ method, route, status: String(status) });
      observe = (seconds) => child.observe(seconds);
      this.#observers.set(name, observe);
    }
    observe(tookMs / 1_000);
  };

  readonly onScrape = (engine: string, outcome: string, tookMs: number): void => {
    this.#scrapes.observe({ engine, outcome }, tookMs / 1_000);
  };

  readonly onRefused = (reason: string): void => {
    this.#refused.inc({ reason });
  };

  /** Adds what is asked for only when a page is made. */
  watch({ loop, pool, countWorkflows, oldestWorkflows, isWritable }: TelemetryParts): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'agent_event_loop_delay_p99_seconds',
      help: 'Lateness of the event loop over the last second',
      registers,
      collect() {
        this.set(loop.read().p99Ms / 1_000);
      },
    });
    new Gauge({
      name: 'agent_scrapes_waiting',
      help: 'Scrapes that wait for their turn',
      registers,
      collect() {
        this.set(pool.waiting);
      },
    });
    const counts = remembered(countWorkflows);
    new Gauge({
      name: 'agent_workflows',
      help: 'Workflows by state, counted at most once a second',
      labelNames: ['status'],
      registers,
      async collect() {
        // Without a database the page has everything else, `agent_database_writable` above all.
        const counted = await counts().catch(() => undefined);
        this.reset();
        if (counted === undefined) return;
        // A state that appears with its first workflow would hide that one from a difference over time.
        for (const status of workflowStatuses) this.set({ status }, counted.get(status) ?? 0);
      },
    });
    const oldest = remembered(oldestWorkflows);
    new Gauge({
      name: 'agent_workflows_oldest_seconds',
      help: 'How long the oldest workflow of a state has been in it; not of those that are queued or over',
      labelNames: ['status'],
      registers,
      async collect() {
        const since = await oldest().catch(() => new Map<string, number>());
        this.reset();
        for (const [status, sinceMs] of since) this.set({ status }, Math.max(0, Date.now() - sinceMs) / 1_000);
      },
    });
    new Gauge({
      name: 'agent_database_writable',
      help: '1 while the database takes writes, 0 while it does not',
      registers,
      async collect() {
        this.set((await isWritable()) ? 1 : 0);
      },
    });
  }

  /** One page for all who ask before it is begun. */
  page(): Promise<MetricsPage> {
    this.#page ??= this.#nextPage();
    return this.#page;
  }

  /** Not before the requests that have arrived by now were read: a page takes as long as twenty health checks. */
  async #nextPage(): Promise<MetricsPage> {
    await setImmediate();
    this.#page = undefined;
    const text = await this.#registry.metrics();
    return { bytes: this.#encoder.encode(text), contentType: this.#registry.contentType };
  }
}
