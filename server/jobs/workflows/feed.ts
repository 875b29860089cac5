/** Tells those who follow a workflow in this process that it has changed. Other processes are found by asking the store. */
import type { Workflow } from '../../domain/workflows/workflow.ts';

type Listener = (workflow: Workflow) => void;

export class WorkflowFeed {
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(workflow: Workflow): void {
    for (const listener of this.#listeners.get(workflow.id) ?? []) listener(workflow);
  }

  /** @returns how to stop listening. */
  follow(id: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }
}
