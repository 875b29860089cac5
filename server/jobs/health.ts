/** What the agent says about itself. Detailed health asks each part at that moment; nothing is remembered or assumed. */
import type { Clock } from '../domain/clock.ts';
import { agentType, version } from '../domain/identity.ts';
import { ProblemError } from '../domain/problem.ts';
import { troubleOf } from '../store/trouble.ts';
import { databaseLimitMs, within } from './database-limit.ts';
import type { EventLoopMonitor } from './event-loop.ts';
import type { Orchestrator, OrchestratorState } from './orchestrator.ts';

const capabilities = {
  capabilities: [
    'metrics_collection',
    'bottleneck_detection',
    'slo_monitoring',
    'optimization_planning',
    'guarded_rollout',
    'rollback',
  ],
  supported_platforms: ['vllm', 'tgi', 'sglang'],
  optimization_types: ['kv_cache', 'quantization', 'batching'],
  workflow_features: ['manual_approval', 'staged_rollout', 'health_monitoring', 'automatic_rollback'],
};

type ComponentStatus = 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';

interface ComponentHealth {
  status: ComponentStatus;
  latency_ms?: number;
  detail?: string;
}

/** Slower than this, a part still works but is called degraded. */
const slowComponentMs = 500;

interface HealthParts {
  readonly clock: Clock;
  readonly loop: EventLoopMonitor;
  readonly agentId: string;
  readonly environment: string;
  readonly logLevel: string;
  /** Rejects when the database does not answer. */
  readonly pingDatabase: () => Promise<void>;
  /** Rejects when the database can't be written; may remember for a moment. */
  readonly writeDatabase: () => Promise<void>;
}

export class Health {
  readonly #parts: HealthParts;
  readonly #startedAtMs: number;
  #stopping = false;
  #port = 0;
  #orchestrator: Pick<Orchestrator, 'state'> | undefined;
  #asking: Promise<number> | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.nowMs();
  }

  /** From now on detailed health tells how the agent stands with its orchestrator. */
  watch(orchestrator: Pick<Orchestrator, 'state'>): void {
    this.#orchestrator = orchestrator;
  }

  /** The port really listened on, which differs from the setting when that was 0. */
  listens(port: number): void {
    this.#port = port;
  }

  /** From now on the agent is not ready: a load balancer should look elsewhere while it drains. */
  stop(): void {
    this.#stopping = true;
  }

  brief() {
    const nowMs = this.#parts.clock.nowMs();
    return {
      status: 'healthy' as const,
      timestamp: new Date(nowMs).toISOString(),
      version,
      agent_id: this.#parts.agentId,
      agent_type: agentType,
      uptime_seconds: Math.max(0, (nowMs - this.#startedAtMs) / 1_000),
    };
  }

  async detailed() {
    const database = await this.#databaseHealth();
    const orchestrator = orchestratorHealth(this.#orchestrator?.state);
    const loop = this.#parts.loop.read();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      ...this.brief(),
      status: worst([database, orchestrator]),
      components: {
        database,
        cache: { status: 'not_configured', detail: 'this agent has no cache' } as ComponentHealth,
        orchestrator,
      },
      event_loop: { mean_delay_ms: loop.meanMs, p99_delay_ms: loop.p99Ms, max_delay_ms: loop.maxMs },
      memory: { rss_bytes: rss, heap_used_bytes: heapUsed },
    };
  }

  config() {
    const { agentId, environment, logLevel } = this.#parts;
    return {
      agent_id: agentId,
      agent_type: agentType,
      port: this.#port,
      log_level: logLevel,
      environment,
      version,
    };
  }

  capabilities() {
    return capabilities;
  }

  /** @throws {@link ProblemError} `not-ready` while the agent stops, or its database does not answer or can't be written. */
  async assertReady(): Promise<void> {
    if (this.#stopping) throw new ProblemError('not-ready', 'the agent is stopping');
    try {
      await within(this.#askDatabase(), databaseLimitMs);
    } catch (error) {
      throw new ProblemError('not-ready', saidOf(error), { cause: error });
    }
  }

  async #databaseHealth(): Promise<ComponentHealth> {
    try {
      const latencyMs = await within(this.#askDatabase(), databaseLimitMs);
      return { status: latencyMs > slowComponentMs ? 'degraded' : 'healthy', latency_ms: latencyMs };
    } catch (error) {
      return { status: 'unhealthy', detail: saidOf(error) };
    }
  }

  /**
   * How long it took to answer, in milliseconds. Who asks while somebody waits shares the answer: what hangs is asked
   * once. @throws what the database threw
   */
  #askDatabase(): Promise<number> {
    this.#asking ??= askDatabase(this.#parts).finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}

/** An agent works without its orchestrator: trouble with it is never more than degraded. */
function orchestratorHealth(state: OrchestratorState | undefined): ComponentHealth {
  if (state === undefined) return { status: 'not_configured' };
  return state === 'registered' ? { status: 'healthy' } : { status: 'degraded', detail: state };
}

async function askDatabase({ pingDatabase, writeDatabase }: HealthParts): Promise<number> {
  const beganAt = performance.now();
  await pingDatabase();
  const latencyMs = Math.round((performance.now() - beganAt) * 1_000) / 1_000;
  await writeDatabase();
  return latencyMs;
}

/** In our own words: what a database says may name hosts and users. */
function saidOf(error: unknown): string {
  const trouble = error instanceof Error ? troubleOf(error)?.detail : undefined;
  return trouble ?? 'the database does not answer';
}

function worst(components: readonly ComponentHealth[]): 'healthy' | 'degraded' | 'unhealthy' {
  const has = (status: ComponentStatus) => components.some((component) => component.status === status);
  return has('unhealthy') ? 'unhealthy' : has('degraded') ? 'degraded' : 'healthy';
}
