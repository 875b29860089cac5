/**
 * Tells an orchestrator that this agent is there: registers, sends heartbeats as often as asked, registers anew when it
 * has been forgotten, and takes leave when it stops. An orchestrator that does not answer never troubles the agent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { callJson } from './call-json.ts';
import { Deadline } from './deadline.ts';

interface OrchestratorParts {
  readonly url: string;
  readonly name: string;
  readonly type: string;
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  /** For tests: multiplies every wait. */
  readonly waitFactor?: number;
}

/** What a registration is answered with, status 201. */
const registrationSchema = z.object({
  agent_id: z.string().min(1).max(256),
  heartbeat_url: z.string().min(1).max(2_048),
  heartbeat_interval_seconds: z.number().min(1).max(3_600).default(30),
});

type Registration = z.output<typeof registrationSchema>;

const timeoutMs = 5_000;
/** Well within what a stopping agent has left after its last answer. */
const leaveTimeoutMs = 2_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

export type OrchestratorState = 'unregistered' | 'registered' | 'silent';

export class Orchestrator {
  readonly #parts: OrchestratorParts;
  readonly #stop = new AbortController();
  #life: Promise<void> = Promise.resolve();
  #registration: Registration | undefined;
  #state: OrchestratorState = 'unregistered';

  constructor(parts: OrchestratorParts) {
    this.#parts = parts;
  }

  /** `silent`: registered, but the last heartbeat had no answer. */
  get state(): OrchestratorState {
    return this.#state;
  }

  start(): void {
    this.#life = this.#live();
  }

  /** Takes leave, if it was registered. An answer that is still awaited then is awaited no more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#life;
    const registration = this.#registration;
    if (registration === undefined) return;
    const path = `/agents/${encodeURIComponent(registration.agent_id)}/unregister`;
    const deadline = new Deadline(leaveTimeoutMs);
    await callJson({ url: new URL(path, this.#parts.url), body: {}, signal: deadline.signal })
      .finally(() => deadline.end())
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'taking leave of the orchestrator failed'));
  }

  /** Never rejects. */
  async #live(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#stop.signal.aborted) {
      const waitMs = this.#registration === undefined ? await this.#register() : await this.#beat(this.#registration);
      if (waitMs === undefined) {
        await this.#wait(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      } else {
        retryMs = firstRetryMs;
        await this.#wait(waitMs);
      }
    }
  }

  /** @returns how long until the first heartbeat; `undefined` when it did not work. */
  async #register(): Promise<number | undefined> {
    const { url, name, type, host, port, log } = this.#parts;
    try {
      const { status, body } = await this.#post(new URL('/agents/register', url), { name, type, host, port });
      if (status !== 201) throw new Error(`expected 201, got ${status}`);
      this.#registration = registrationSchema.parse(body);
      this.#state = 'registered';
      log.info({ agent_id: this.#registration.agent_id }, 'registered with the orchestrator');
      return this.#registration.heartbeat_interval_seconds * 1_000;
    } catch (error) {
      if (!this.#stop.signal.aborted) log.warn({ err: error }, 'registering with the orchestrator failed');
      return undefined;
    }
  }

  /** @returns how long until the next one; `undefined` when there was no good answer. */
  async #beat(registration: Registration): Promise<number | undefined> {
    try {
      const target = new URL(registration.heartbeat_url, this.#parts.url);
      if (target.origin !== new URL(this.#parts.url).origin) throw new Error('the heartbeat URL is on another host');
      const { status } = await this.#post(target, { status: 'healthy', timestamp: new Date().toISOString() });
      if (status === 404) return this.#forgotten();
      if (status < 200 || status > 299) throw new Error(`expected 2xx, got ${status}`);
      this.#state = 'registered';
      return registration.heartbeat_interval_seconds * 1_000;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#parts.log.warn({ err: error }, 'a heartbeat failed');
      this.#state = 'silent';
      return undefined;
    }
  }

  /** The orchestrator was restarted, or waited in vain for too long: register anew at once. */
  #forgotten(): number {
    this.#registration = undefined;
    this.#state = 'unregistered';
    return 0;
  }

  async #post(url: URL, body: object) {
    const deadline = new Deadline(timeoutMs, this.#stop.signal);
    return callJson({ url, body, signal: deadline.signal }).finally(() => deadline.end());
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#stop;
    await sleep(ms * (this.#parts.waitFactor ?? 1), undefined, { signal }).catch(() => undefined); // stopped: so be it
  }
}
