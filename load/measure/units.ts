/**
 * Durations, rates and shares as people write them (`30s`, `500/s`, `99%`), and the one way in which they are printed
 * everywhere: profiles, thresholds, terminal, page and errors.
 */
import { OptionsError } from '../options-error.ts';
import { unreachable } from '../unreachable.ts';

/** Longest that a timer of Node's can wait, 2³¹ − 1 ms; one that is asked for more fires at once. */
export const longestTimerMs = 2_147_483_647;

type DurationUnit = 'us' | 'µs' | 'ms' | 's' | 'm' | 'h';
/** A length of time, as every option takes it: `300ms`, `1.5s`, `2m`; a number and its unit, nothing between. */
export type Duration = `${number}${DurationUnit}`;
/** A rate: `500/s`, `30/m`, `100/h`; starts, or in limits successful requests, per second, minute or hour. */
export type RateText = `${number}/${'s' | 'm' | 'h'}`;
/** `99%`: a share of a whole. */
export type Percent = `${number}%`;

const msPer: Readonly<Record<DurationUnit, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const durationPattern = /^(\d+(?:\.\d+)?|\.\d+)(us|µs|ms|s|m|h)$/;
const ratePattern = /^(\d+(?:\.\d+)?|\.\d+)\/(s|m|h)$/;

/** Milliseconds of a duration, or undefined if the text is none. */
export function durationMsOf(text: string): number | undefined {
  const [, count, unit] = durationPattern.exec(text) ?? [];
  return count === undefined ? undefined : decimal(Number(count) * msPer[unit as DurationUnit]);
}

/** Share of 1 that a percentage means, or undefined if the text is none: `99.9%` is the same number as 999 of 1,000. */
export function shareOf(text: string): number | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  return percent === undefined ? undefined : decimal(Number(percent) / 100);
}

/** The product of a number that people wrote, without the dust of binary fractions: 1.1 s are 1,100 ms. */
function decimal(value: number): number {
  return Number(value.toPrecision(15));
}

/** Milliseconds of a duration. Throws `OptionsError` naming the option if the text is none. */
export function parseDurationMs(text: string, option = 'duration'): number {
  const ms = typeof text === 'string' ? durationMsOf(text) : undefined;
  if (ms === undefined) throw new OptionsError([durationProblem(option, text)]);
  return ms;
}

/** What to say of a text that is no duration. */
export function durationProblem(option: string, got: unknown): string {
  return `\`${option}\` must be a duration such as \`300ms\`, \`30s\` or \`5m\`, got ${show(got)}`;
}

/** A rate is a value: so many in so much time (vegeta's `Rate`). */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** Reads `500/s`. Throws `OptionsError` if the text is no rate; zero and infinity are for the caller to judge. */
export function parseRate(text: string, option = 'rate'): Rate {
  const [, count, unit] = (typeof text === 'string' ? ratePattern.exec(text) : null) ?? [];
  if (count === undefined)
    throw new OptionsError([`\`${option}\` must be a rate such as \`500/s\` or \`30/m\`, got ${show(text)}`]);
  return { count: Number(count), perMs: msPer[unit as DurationUnit] };
}

/** A value as it stands in an error: quoted, never longer than a line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return JSON.stringify(value).slice(0, 60);
  return String(value);
}

/** Milliseconds as a duration is written: `30s`, `1m30s`, `250ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${trim(ms, 3)}ms`;
  const wholeMs = Math.round(ms);
  const [hours, minutes, seconds] = [
    Math.floor(wholeMs / 3_600_000),
    Math.floor((wholeMs % 3_600_000) / 60_000),
    (wholeMs % 60_000) / 1_000,
  ];
  return [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${trim(seconds, 3)}s` : '',
  ].join('');
}

/** Milliseconds as a latency, to three significant digits: `0.412 ms`, `87.3 ms`, `1.24 s`. */
export function formatMs(ms: number): string {
  if (ms < 0) return `−${formatMs(-ms)}`; // only a difference is
  return ms >= 1_000 ? `${significant(ms / 1_000)} s` : `${significant(ms)} ms`;
}

/** A number per second: `512/s`, `12,840/s`, `0.25/s`. */
export function formatRate(perSecond: number): string {
  return `${significant(perSecond)}/s`;
}

/** `500/s` of a rate value, in the unit it was given. */
export function describeRate({ count, perMs }: Rate): string {
  const unit = perMs === 60_000 ? 'm' : perMs === 3_600_000 ? 'h' : 's';
  return `${trim(perMs === msPer[unit] ? count : (count * 1_000) / perMs, 3)}/${unit}`;
}

/**
 * A share of 1 as a percentage. It says `100 %` and `0 %` only of exactly that: 9,999 of 10,000 is `99.99 %`, and
 * one failure in a million is never rounded away.
 */
export function formatPercent(share: number): string {
  if (share === 1 || share === 0) return `${share * 100} %`;
  for (let digits = 1; digits <= 6; digits++) {
    const text = (share * 100).toFixed(digits);
    if (Number(text) !== 100 && Number(text) !== 0) return `${text} %`;
  }
  return share > 0.5 ? '99.999999 %' : '0.000001 %';
}

/** Made once: `toLocaleString` makes one for each number. */
const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number with its thousands apart: `12,840`. */
export function formatCount(count: number): string {
  return wholeNumber.format(count);
}

/** The unit of a metric's value: milliseconds, a share of 1, per second, a count, or a bare number. */
export type Unit = 'ms' | 'share' | 'perSec' | 'count' | 'number';

/** A value as it is printed everywhere: terminal, page, Markdown, errors. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatPercent(value);
    case 'perSec':
      return formatRate(value);
    case 'count':
      return formatCount(value);
    case 'number':
      return formatNumber(value);
    default:
      return unreachable(unit);
  }
}

/** A bare number to four significant digits, whole from 1,000 on: `0.9313`, `12,346`. */
export function formatNumber(value: number): string {
  return Math.abs(value) >= 1_000 ? formatCount(value) : String(Number(value.toPrecision(4)));
}

/** Megabytes (10^6 bytes would flatter; this is MiB, as `ps` and `top` count). */
export function formatMb(mb: number): string {
  return `${mb >= 100 ? formatCount(mb) : mb.toFixed(1)} MB`;
}

function significant(value: number): string {
  return value >= 100
    ? formatCount(value)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toPrecision(3).replace(/\.?0+$/, '');
}

/** Rounded to so many digits behind the point: those that were measured. */
export function toDigits(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function trim(value: number, digits: number): string {
  return String(toDigits(value, digits));
}
