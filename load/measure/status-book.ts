/**
 * Counts answers by status in the windows of a run. Most answers are as the one before, in the same window: these are
 * added up here, and written into their window when another comes, or when somebody is to read it.
 */
import type { RunWindow } from './run-window.ts';

export class StatusBook {
  #statuses: RunWindow['statuses'] = new Map();
  #status = '';
  #count = 0;

  file({ statuses }: RunWindow, status: string): void {
    if (statuses !== this.#statuses || status !== this.#status) {
      this.write();
      this.#statuses = statuses;
      this.#status = status;
    }
    this.#count += 1;
  }

  write(): void {
    if (this.#count > 0) this.#statuses.set(this.#status, (this.#statuses.get(this.#status) ?? 0) + this.#count);
    this.#count = 0;
  }
}
