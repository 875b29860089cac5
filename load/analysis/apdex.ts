/** Apdex: one figure from 0 to 1 for how content users are with the response times (Apdex Alliance, version 1.1). */

/** Three counters, since they merge over workers and shards without loss. */
export type ApdexCounts = {
  /** Answered within T. */
  readonly satisfied: number;
  /** Answered after T, within 4 T. */
  readonly tolerating: number;
  /** Answered later, failed, or timed out. */
  readonly frustrated: number;
};

export type ApdexRating = 'excellent' | 'good' | 'fair' | 'poor' | 'unacceptable';

export type Apdex =
  | {
      readonly kind: 'scored';
      /** 0 to 1. */
      readonly score: number;
      readonly rating: ApdexRating;
      readonly count: number;
      /** Fewer requests than `smallApdexCount`: the standard asks for a mark on such a score. */
      readonly small: boolean;
    }
  | { readonly kind: 'not-enough-data'; readonly reason: string };

export const smallApdexCount = 100;

const ratings: readonly (readonly [atLeast: number, rating: ApdexRating])[] = [
  [0.94, 'excellent'],
  [0.85, 'good'],
  [0.7, 'fair'],
  [0.5, 'poor'],
];

/** (satisfied + tolerating / 2) / all. */
export function apdex({ satisfied, tolerating, frustrated }: ApdexCounts): Apdex {
  const count = satisfied + tolerating + frustrated;
  if (count === 0) return { kind: 'not-enough-data', reason: 'no request was made' };
  const score = (satisfied + tolerating / 2) / count;
  const rating = ratings.find(([atLeast]) => score >= atLeast)?.[1] ?? 'unacceptable';
  return { kind: 'scored', score, rating, count, small: count < smallApdexCount };
}
