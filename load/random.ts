/**
 * Random numbers that can be had again: the same seed draws the same load. mulberry32 (Tommy Ettinger's mixing,
 * public domain): 32 bits of state, uniform enough for pauses and gaps, and fast. The agent's fake engine
 * has it too: the two never meet.
 */
export type Random = () => number;

/** Numbers in [0, 1). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Of mean 0 and deviation 1, by Box and Muller. */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A gap of mean 1 between events of a Poisson process. */
export function exponentialGap(random: Random): number {
  return -Math.log(1 - random());
}
