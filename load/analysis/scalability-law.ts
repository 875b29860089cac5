/**
 * The Universal Scalability Law (Gunther 1993) fitted to load steps: what contention and coherency cost, and from
 * which concurrency on more load lowers the throughput. It describes; nothing is judged by it.
 */

/** One steady load. */
export type ScalingPoint = {
  /** Mean requests under way. */
  readonly inFlight: number;
  /** Requests completed per second. */
  readonly throughputPerSec: number;
};

/** The fitted law, or why it cannot be. */
export type ScalabilityLaw =
  | {
      readonly kind: 'fitted';
      /** λ: throughput of one request in flight, per second. */
      readonly lambda: number;
      /** σ: share of the work that must queue for something, 0 to 1. */
      readonly sigma: number;
      /** κ: cost of each pair of requests that must agree. */
      readonly kappa: number;
      /** N* = √((1 − σ) / κ), the concurrency of the highest throughput. */
      readonly peakInFlight: number;
      /** The throughput there, per second. */
      readonly peakThroughputPerSec: number;
    }
  | {
      readonly kind: 'not-identifiable';
      /** What of the points does not fit, in words. */
      readonly reason: string;
    }
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

/** Loads that a fit of three unknowns needs to say more than that it fits. */
export const minScalingPoints = 6;

/** Throughput at N requests in flight: X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). */
export function throughputAt(inFlight: number, law: Extract<ScalabilityLaw, { kind: 'fitted' }>): number {
  const cost = 1 + law.sigma * (inFlight - 1) + law.kappa * inFlight * (inFlight - 1);
  return (law.lambda * inFlight) / cost;
}

/**
 * Fits Gunther's Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)), to steady loads.
 * N/X = a₀ + a₁N + a₂N² is linear in its unknowns; least squares with weights 1/y² make it the relative error that
 * counts. λ = 1/Σa, σ = (a₁ + a₂)/Σa, κ = a₂/Σa. It refuses where the points do not span the bend.
 */
export function fitScalabilityLaw(points: readonly ScalingPoint[]): ScalabilityLaw {
  const usable = points.filter(({ inFlight, throughputPerSec }) => inFlight > 0 && throughputPerSec > 0);
  const loads = new Set(usable.map(({ inFlight }) => inFlight)).size;
  if (loads < minScalingPoints)
    return { kind: 'not-enough-data', reason: `${loads} different loads, ${minScalingPoints} are needed` };
  const highest = usable.reduce((high, { inFlight }) => Math.max(high, inFlight), 0);
  const [a0, a1, a2] = fitQuadratic(usable, highest);
  const sum = a0 + a1 + a2;
  const [lambda, sigma, kappa] = [1 / sum, (a1 + a2) / sum, a2 / sum];
  const peakInFlight = Math.sqrt((1 - sigma) / kappa);
  const reason = whyNot({ lambda, sigma, kappa, peakInFlight, highest });
  if (reason !== undefined) return { kind: 'not-identifiable', reason };
  const law = { kind: 'fitted' as const, lambda, sigma, kappa, peakInFlight, peakThroughputPerSec: 0 };
  return { ...law, peakThroughputPerSec: throughputAt(peakInFlight, law) };
}

type Found = {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
  readonly peakInFlight: number;
  readonly highest: number;
};

function whyNot({ lambda, sigma, kappa, peakInFlight, highest }: Found): string | undefined {
  if (!(lambda > 0)) return 'no positive throughput for a single request fits the points';
  if (sigma < 0) return 'throughput grows faster than the load: contention would be negative';
  if (!(kappa > 0)) return 'throughput never bends down: load it higher';
  if (!(peakInFlight <= 2 * highest))
    return 'the fitted peak lies at more than twice the highest load tested: load it higher';
  return undefined;
}

/** Loads are scaled by the highest before the normal equations are set up, or they are badly conditioned. */
function fitQuadratic(points: readonly ScalingPoint[], scale: number): [number, number, number] {
  const moments = [0, 0, 0, 0, 0];
  const sums: [number, number, number] = [0, 0, 0];
  for (const { inFlight, throughputPerSec } of points) {
    const y = inFlight / throughputPerSec;
    const weight = 1 / (y * y);
    const n = inFlight / scale;
    moments.forEach((moment, power) => (moments[power] = moment + weight * n ** power));
    sums.forEach((sum, power) => (sums[power] = sum + weight * y * n ** power));
  }
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0] = moments;
  const [b0, b1, b2] = solve([m0, m1, m2], [m1, m2, m3], [m2, m3, m4], sums);
  return [b0, b1 / scale, b2 / scale ** 2];
}

type Three = readonly [number, number, number];

/** Cramer's rule for three equations. */
function solve(first: Three, second: Three, third: Three, right: Three): Three {
  const whole = determinant(first, second, third);
  const replaced = ([a, b, c]: Three, at: number, value: number): Three => [
    at === 0 ? value : a,
    at === 1 ? value : b,
    at === 2 ? value : c,
  ];
  const unknown = (at: number): number =>
    determinant(replaced(first, at, right[0]), replaced(second, at, right[1]), replaced(third, at, right[2])) / whole;
  return [unknown(0), unknown(1), unknown(2)];
}

function determinant([a, b, c]: Three, [d, e, f]: Three, [g, h, i]: Three): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
