/** A workflow, its instance and a window of it for tests: plain ones, of which a test changes what it is about. */
import { readScrape, type Scrape } from '../domain/engines/scrape.ts';
import type { Instance } from '../domain/instance.ts';
import { defaultConstraints } from '../domain/optimization/constraints.ts';
import { defaultWorkflowSettings, type WindowFigures, type Workflow } from '../domain/workflows/workflow.ts';

export const instance: Instance = {
  id: 'vllm-1',
  engine: 'vllm',
  metricsUrl: 'http://127.0.0.1:8000/metrics',
  labels: {},
  slos: [],
  config: { '--max-num-seqs': 256 },
  constraints: defaultConstraints,
  createdAtMs: 0,
  updatedAtMs: 0,
};

export function workflow(
  status: Workflow['status'],
  progress: Workflow['progress'] = {},
  given: Partial<Workflow> = {},
) {
  const made: Workflow = {
    id: 'w',
    instanceId: instance.id,
    status,
    mode: 'webhook',
    createdAtMs: 0,
    updatedAtMs: 0,
    settings: defaultWorkflowSettings,
    progress,
    version: 1,
  };
  return { ...made, ...given };
}

export const figures: WindowFigures = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:05:00.000Z',
  requests: 1_000,
  error_rate: 0,
  ttft_p95_s: 1,
  itl_p95_s: 0.05,
  tokens_per_s: 2_000,
  kv_usage: 0.97,
  preemptions_per_s: 0,
};

/** Time that passes only where it is waited for, and a clock that can be set apart from it. */
export class FakeTime {
  readonly waits: number[] = [];
  #passedMs = 0;
  #clockMs = Date.UTC(2026, 0, 1);

  readonly clock = { nowMs: () => Math.floor(this.#clockMs) };
  readonly pace = {
    wait: (ms: number) => {
      this.waits.push(ms);
      this.pass(ms);
      return Promise.resolve();
    },
    monotonicMs: () => this.#passedMs,
    factor: 1,
  };

  get passedMs(): number {
    return this.#passedMs;
  }

  pass(ms: number): void {
    this.#passedMs += ms;
    this.#clockMs += ms;
  }

  /** The clock is set, and no time has passed. */
  stepClock(ms: number): void {
    this.#clockMs += ms;
  }
}

interface PageGiven {
  readonly done: number;
  readonly kvUsage?: number;
  readonly startedS?: number | undefined;
}

/** A page of a vLLM with what a test is about. */
export function scrapeOf({ done, kvUsage = 0.5, startedS }: PageGiven, atMs: number, more = ''): Scrape {
  const started = startedS === undefined ? '' : `process_start_time_seconds ${startedS}\n`;
  const page = `vllm:request_success_total{finished_reason="stop"} ${done}\nvllm:kv_cache_usage_perc ${kvUsage}\n`;
  return readScrape(started + page + more, atMs);
}
