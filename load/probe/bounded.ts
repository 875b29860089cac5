/** Waits that have a limit, since neither a page nor what is done on it need ever come to an end. */
import type { Clock } from '../run/clock.ts';

/** Why a wait ended otherwise than by its work: in words that are the failure's. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** What may end a wait before its work does. */
export interface Bounds {
  readonly clock: Clock;
  readonly limitMs: number;
  /** What is said at the limit. */
  readonly tooLong: string;
  /** Aborted with the words that are said then. */
  readonly signal?: AbortSignal;
}

/** Resolves or rejects as the work does, or rejects with `GivenUp`; the work's own later failure is nobody's. */
export async function bounded<Value>(
  work: Promise<Value>,
  { clock, limitMs, tooLong, signal }: Bounds,
): Promise<Value> {
  const over = new AbortController();
  const either = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const limit = clock.sleepUntil(clock.now() + limitMs, either).then(() => {
    const reason: unknown = signal?.aborted === true ? signal.reason : tooLong;
    throw new GivenUp(typeof reason === 'string' ? reason : tooLong);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    over.abort();
    limit.catch(() => undefined); // the race is over
    work.catch(() => undefined); // likewise, where the limit has won
  }
}
