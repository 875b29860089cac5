/** The jobs of the bench's specs, for both sides: rates are responses per second, memory is MB of the worker. */
import { Job } from './job.ts';

export interface SpeedAnswer {
  readonly autocannon: number[];
  readonly context: number[];
  readonly fixture: number[];
}

/** Which request context sends, and who is its yardstick. */
export const speed = new Job<
  { readonly url: string; readonly rounds: number; readonly blockSeconds: number },
  SpeedAnswer
>('speed');

/** Playwright's own context in a plain test body, ours before and after it, over the same number of requests. */
export const playwrightContext = new Job<
  { readonly url: string; readonly times: number },
  { readonly playwright: number; readonly ours: number[] }
>('playwright-context');
