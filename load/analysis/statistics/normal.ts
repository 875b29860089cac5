/** The standard normal distribution: its upper tail, and the quantile that belongs to a probability. */

/** Left of it the series converges in few terms, right of it the continued fraction does. */
const switchAt = 3;

/** P(Z > z), with a small relative error far out in the tail too. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < switchAt ? 0.5 - density * series(z) : density / fraction(z);
}

/** z below which a share `p` of the distribution lies, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a quantile takes 0 < p < 1, got ${p}`);
  return bisect((z) => normalUpperTail(z) <= 1 - p, -40, 40);
}

/** Where a predicate turns from false to true, to the last digit that matters. */
export function bisect(isAbove: (x: number) => boolean, low: number, high: number): number {
  let [below, above] = [low, high];
  for (;;) {
    const middle = (below + above) / 2;
    if (middle <= below || middle >= above || above - below < 1e-13 * Math.abs(middle)) return middle;
    if (isAbove(middle)) above = middle;
    else below = middle;
  }
}

/** z + z³/3 + z⁵/(3·5) + … (Abramowitz & Stegun 26.2.11). */
function series(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** z + 1/(z + 2/(z + 3/(z + …))) (Abramowitz & Stegun 26.2.14), from the inside out. */
function fraction(z: number): number {
  let inner = z;
  for (let k = 120; k >= 1; k -= 1) inner = z + k / inner;
  return inner;
}
