/** Counts the queue from time to time, for its limit: each agent knows its own additions at once, the others' after that. */
import type { Logger } from 'pino';
import type { Workflows } from './workflows.ts';

const everyMs = 10_000;

export class QueueWatch {
  readonly #workflows: Workflows;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #counting: Promise<void> = Promise.resolve();

  constructor(workflows: Workflows, log: Logger) {
    this.#workflows = workflows;
    this.#log = log;
  }

  start(): void {
    this.#count();
    this.#timer = setInterval(() => this.#count(), everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#counting;
  }

  #count(): void {
    this.#counting = this.#workflows.count().then(
      () => undefined,
      (error: unknown) => this.#log.error({ err: error }, 'counting the workflows failed'),
    );
  }
}
