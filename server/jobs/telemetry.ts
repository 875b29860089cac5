/** What the agent measures about itself, for Prometheus. */
import { setImmediate } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EventLoopMonitor } from './event-loop.ts';
import type { WorkPool } from './collection/work-pool.ts';

interface TelemetryParts {
  readonly loop: EventLoopMonitor;
  readonly pool: WorkPool;
  /** Workflows by state, asked when a page is made. */
  readonly countWorkflows: () => Promise<ReadonlyMap<string, number>>;
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
  watch({ loop, pool, countWorkflows }: TelemetryParts): void {
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
    let countAgainAtMs = 0;
    new Gauge({
      name: 'agent_workflows',
      help: 'Workflows by state, counted at most once a second',
      labelNames: ['status'],
      registers,
      async collect() {
        if (performance.now() < countAgainAtMs) return;
        const counts = await countWorkflows();
        countAgainAtMs = performance.now() + countedForMs;
        this.reset();
        for (const [status, count] of counts) this.set({ status }, count);
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
