/**
 * Little's law as a check on our own bookkeeping: mean requests in flight = throughput × mean time in flight. With
 * the in-flight count sampled on its own, lost and doubled completions show; a wrong clock does not.
 */

export type LittlesLawParts = {
  /** Mean requests in flight, from samples taken on a timer. */
  readonly inFlight: number;
  readonly throughputPerSec: number;
  /** Mean service time, ms. */
  readonly meanMs: number;
};

export type LittlesLaw =
  | { readonly kind: 'consistent' | 'accounting error'; readonly expectedInFlight: number; readonly deviation: number }
  | { readonly kind: 'not enough data'; readonly reason: string };

/** Share by which the two sides may differ in a steady run. */
export const littlesLawTolerance = 0.05;

/** L = λW (Little 1961), over a steady window. Deviation is |L − λW| / L. Below one request in flight it says nothing. */
export function checkLittlesLaw({ inFlight, throughputPerSec, meanMs }: LittlesLawParts): LittlesLaw {
  if (!(inFlight >= 1)) return { kind: 'not enough data', reason: 'less than one request was in flight on average' };
  const expectedInFlight = (throughputPerSec * meanMs) / 1_000;
  const deviation = Math.abs(inFlight - expectedInFlight) / inFlight;
  return { kind: deviation <= littlesLawTolerance ? 'consistent' : 'accounting error', expectedInFlight, deviation };
}
