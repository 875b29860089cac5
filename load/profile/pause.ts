/**
 * How long a user thinks between two iterations: constant, uniform, normal or exponential. A pause is never negative
 * and prints itself.
 */
import { OptionsError, throwProblems } from '../options-error.ts';
import {
  type Duration,
  durationMsOf,
  durationProblem,
  formatDuration,
  parseDurationMs,
  show,
} from '../measure/units.ts';
import { exponentialGap, standardNormal } from '../random.ts';

/** How long a user thinks between two iterations, or pauses within one. One of your own is an object of this shape. */
export interface Pause {
  /** `1s to 3s`, as it stands in the profile's words. */
  describe(): string;
  /** Milliseconds, drawn anew each time from a source of numbers from 0 to 1, which `seed` determines. */
  drawMs(random: () => number): number;
}

/** Always the same. Throws an `OptionsError` for what is no duration, as the other pauses do. */
export function constantly(duration: Duration): Pause {
  return steadily(parseDurationMs(duration, 'constantly'));
}

function steadily(ms: number): Pause {
  return { describe: () => formatDuration(ms), drawMs: () => ms };
}

/** Anything between the two, equally likely: Locust's `between`. */
export function between(least: Duration, most: Duration): Pause {
  const [leastMs, mostMs] = both('between', least, most);
  if (leastMs > mostMs)
    throw new OptionsError([`\`between\` goes from the shorter to the longer, got \`${least}\` and \`${most}\``]);
  return {
    describe: () => `${formatDuration(leastMs)} to ${formatDuration(mostMs)}`,
    drawMs: (random) => leastMs + random() * (mostMs - leastMs),
  };
}

/** Bell-shaped around the mean; what would be negative is 0. Drawn by Box and Muller's transform. */
export function normally(mean: Duration, deviation: Duration): Pause {
  const [meanMs, deviationMs] = both('normally', mean, deviation);
  return {
    describe: () => `${formatDuration(meanMs)} ± ${formatDuration(deviationMs)}`,
    drawMs: (random) => Math.max(0, meanMs + deviationMs * standardNormal(random)),
  };
}

/** Exponential with the given mean: many short pauses, a few long ones. */
export function exponentially(mean: Duration): Pause {
  const meanMs = parseDurationMs(mean, 'exponentially');
  return {
    describe: () => `${formatDuration(meanMs)} on average, exponential`,
    drawMs: (random) => meanMs * exponentialGap(random),
  };
}

/** A duration stands for a constant pause. */
export function pauseOf(pause: Pause | Duration, option: 'thinking' | 'pause' = 'thinking'): Pause {
  if (typeof pause === 'string') return steadily(parseDurationMs(pause, option));
  throwProblems(
    isPause(pause)
      ? []
      : [
          `\`${option}\` must be a duration such as \`500ms\`, or a pause such as \`between("1s", "3s")\`, got ${show(pause)}`,
        ],
  );
  return pause;
}

function isPause(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'drawMs' in value && typeof value.drawMs === 'function';
}

function both(option: string, first: string, second: string): [number, number] {
  const [firstMs, secondMs] = [durationMsOf(first), durationMsOf(second)];
  throwProblems(
    [first, second].filter((text) => durationMsOf(text) === undefined).map((text) => durationProblem(option, text)),
  );
  return [firstMs ?? 0, secondMs ?? 0];
}
