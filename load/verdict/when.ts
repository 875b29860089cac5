/** Moments and stretches of a run as people read them off a clock: `0:08`, `from 0:08 to 0:12`. */
import type { Span } from './windows.ts';

/** A run that is shorter is told in tenths of a second. */
const shortMs = 10_000;

/** Gaps that rounding leaves. */
const dustMs = 1e-6;

/** `0:08`, `12:05`, `1:02:03`; where `stepMs` is less than a second, with its tenths or hundredths: `0:00.5`. */
export function clockTime(ms: number, stepMs = 1_000): string {
  const digits = stepMs >= 1_000 ? 0 : stepMs >= 100 ? 1 : 3;
  const seconds = ms / 1_000;
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = (Math.floor((seconds % 60) * 10 ** digits + dustMs) / 10 ** digits).toFixed(digits);
  const padded = rest.padStart(digits === 0 ? 2 : digits + 3, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}` : `${minutes}:${padded}`;
}

/** `0:08`, of a short run `0:00.8`. */
export function momentWords(ms: number, runMs: number): string {
  return clockTime(Math.max(0, ms), stepOf(runMs));
}

/** `from 0:08 to 0:12`, `at 0:08` of what is within a second, `all the time` of what is nearly as long as the run. */
export function spanWords({ fromMs, toMs }: Span, runMs: number): string {
  const stepMs = stepOf(runMs);
  if (runMs > 0 && toMs - fromMs >= 0.9 * runMs) return 'all the time';
  const first = Math.floor(Math.max(0, fromMs) / stepMs + dustMs);
  const last = Math.max(first + 1, Math.ceil(Math.max(0, toMs) / stepMs - dustMs));
  if (last - first === 1) return `at ${clockTime(first * stepMs, stepMs)}`;
  return `from ${clockTime(first * stepMs, stepMs)} to ${clockTime(last * stepMs, stepMs)}`;
}

/** Of a window that somebody asked for: exactly where it begins and ends. */
export function windowWords({ fromMs, toMs }: Span): string {
  const stepMs = [1_000, 100, 1].find((step) => fromMs % step === 0 && toMs % step === 0) ?? 1;
  return `from ${clockTime(fromMs, stepMs)} to ${clockTime(toMs, stepMs)}`;
}

function stepOf(runMs: number): number {
  return runMs < shortMs ? 100 : 1_000;
}
