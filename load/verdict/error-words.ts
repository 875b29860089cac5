/** The errors of a run in words: how many of which kind where, and when. */
import { plainLine } from '../measure/plain-line.ts';
import type { ErrorGroup, RunData } from '../measure/run-data.ts';
import type { Culprit } from '../measure/run-event.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { formatCount } from '../measure/units.ts';
import { userErrorKind } from '../measure/user-book.ts';
import { spanWords } from './when.ts';
import type { Span } from './windows.ts';

/** More than these of one endpoint are only counted. */
const namedKinds = 2;
const longestName = 60;
const longestSaying = 50;

export interface MainErrors {
  /** How many of which kind: `67 × HTTP 503 and 66 timeouts`. */
  readonly kinds: string;
  readonly culprit: Culprit;
}

/** Those that explain it where most of them are; of one endpoint where only that is meant. Undefined without any. */
export function mainErrors(
  run: RunData,
  { explains, endpoint }: { readonly explains: (kind: string) => boolean; readonly endpoint?: string | undefined },
): MainErrors | undefined {
  const groups = [...run.errors.values()].filter(
    (group) => explains(group.kind) && (endpoint === undefined || group.endpoint === endpoint),
  );
  const [most] = totals(groups, placeOf);
  if (most === undefined) return undefined;
  const [name, here] = most;
  const there = groups.filter((group) => placeOf(group) === name);
  const span = spanOfErrors(run, there);
  const rest = groups.reduce((sum, { count }) => sum + count, 0) - here;
  const when = span === undefined ? undefined : timeWords(run, name, { there, span });
  const kinds = kindsWords(there);
  const words = [
    `${kinds}${isOwn(there) || endpoint !== undefined ? '' : ` on ${nameWords(name)}`}`,
    ...(when === undefined ? [] : [when]),
    ...(rest === 0 ? [] : [`${formatCount(rest)} more elsewhere`]),
  ].join(', ');
  return { kinds, culprit: { name, words, ...(span !== undefined && { at: span }) } };
}

/** A name of a table as it may stand in a sentence. */
export function nameWords(name: string): string {
  const plain = plainLine(name);
  return plain.length <= longestName ? plain : `${plain.slice(0, longestName - 1)}…`;
}

/** `67 × HTTP 503 "db locked" and 66 timeouts`. */
function kindsWords(groups: readonly ErrorGroup[]): string {
  const kinds = totals(groups, ({ kind, endpoint }) => (isOfTest(kind) ? endpoint : kind));
  const named = kinds.slice(0, namedKinds).map(([kind, count]) => kindWords(kind, count, groups));
  const rest = kinds.slice(namedKinds).reduce((sum, [, count]) => sum + count, 0);
  const all = rest === 0 ? named : [...named, `${formatCount(rest)} others`];
  return `${all.slice(0, -1).join(', ')}${all.length > 1 ? ' and ' : ''}${all.at(-1) ?? ''}`;
}

function kindWords(kind: string, count: number, groups: readonly ErrorGroup[]): string {
  const [first] = groups.filter((group) => group.kind === kind || group.endpoint === kind).sort(byCount);
  const number = formatCount(count);
  if (first !== undefined && isOfTest(first.kind)) return `${number} × ${nameWords(first.sample)}`;
  if (kind === 'timeout') return `${number} timeout${count === 1 ? '' : 's'}`;
  if (kind === 'unfinished') return `${number} cut off at the end`;
  // What one of several says is not said by all.
  const says = first?.body !== undefined && first.count * 2 > count ? ` ${quoted(first.body)}` : '';
  return `${number} × ${plainLine(kind)}${says}`;
}

function quoted(text: string): string {
  return `"${text.length <= longestSaying ? text : `${text.slice(0, longestSaying - 1)}…`}"`;
}

/** Errors of the test's own code have their place before their words. */
function placeOf({ kind, endpoint }: ErrorGroup): string {
  return isOfTest(kind) ? (/^[^:]*/.exec(endpoint)?.[0] ?? endpoint) : endpoint;
}

function isOwn(groups: readonly ErrorGroup[]): boolean {
  return groups.every(({ kind }) => isOfTest(kind));
}

/** Of the test's own code: its kind says nothing. */
export function isOfTest(kind: string): boolean {
  return kind === 'exception' || kind === userErrorKind;
}

const byCount = (a: ErrorGroup, b: ErrorGroup) => b.count - a.count;

/** The commonest first: what the groups of a key are together. */
export function totals(
  groups: Iterable<ErrorGroup>,
  keyOf: (group: ErrorGroup) => string,
): [key: string, count: number][] {
  const sums = new Map<string, number>();
  for (const group of groups) sums.set(keyOf(group), (sums.get(keyOf(group)) ?? 0) + group.count);
  return [...sums].sort(([, a], [, b]) => b - a);
}

function spanOfErrors(run: RunData, groups: readonly ErrorGroup[]): Span | undefined {
  const from = groups.flatMap(({ fromMs }) => fromMs ?? []);
  const to = groups.flatMap(({ toMs }) => toMs ?? []);
  if (from.length === 0 || to.length === 0) return undefined;
  return { fromMs: Math.max(0, Math.min(...from)), toMs: Math.min(Math.max(...to), durationMsOfRun(run)) };
}

/** What is spread thinly did not last: it came now and then. */
function timeWords(
  run: RunData,
  name: string,
  { there, span }: { readonly there: readonly ErrorGroup[]; readonly span: Span },
): string {
  const runMs = durationMsOfRun(run);
  const windows = run.endpoints.get(name)?.windows;
  const seconds = [...(windows ?? [])].filter(
    ([second, { failed }]) => failed > 0 && second * 1_000 < span.toMs + 1_000 && (second + 1) * 1_000 > span.fromMs,
  );
  const whole = Math.ceil((span.toMs - span.fromMs) / 1_000);
  const isThin = windows !== undefined && !isOwn(there) && whole > 4 && seconds.length < whole / 2;
  const words = spanWords(span, runMs);
  return isThin ? (words === 'all the time' ? 'now and then' : `now and then ${words}`) : words;
}
