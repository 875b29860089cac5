/** What `playload init` would do about one thing, before anything is done. */
import type { Change } from './changes.ts';
import type { Left } from './edit-config.ts';

export interface Plan {
  readonly changes: readonly Change[];
  /** One line each. */
  readonly says: readonly string[];
  readonly left: readonly Left[];
  /** What turns out to be left once the changes are written. */
  readonly leftAfter?: () => Promise<readonly Left[]>;
  /** What the user does next. */
  readonly next: readonly string[];
}

export const nothingToDo: Plan = { changes: [], says: [], left: [], next: [] };
