/** Numbers that look random and are the same for the same seed, so that a simulated hour can be run again. */

export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): uniform in [0, 1), a period of 2³², one integer of state. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many events of a Poisson process with this mean happen (Knuth's method; fine for the small means of one tick). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let events = 0;
  for (let product = random(); product > limit; product *= random()) events += 1;
  return events;
}

/** A whole number of at least 1, uniform from half to one and a half of the mean. */
export function around(random: Random, mean: number): number {
  return Math.max(1, Math.round(mean * (0.5 + random())));
}
