/** The errors of a run in words: how many of which kind where, and when. */
import { cutText } from '../measure/cut-text.ts';
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
/** What the test's own code says ends with what to do about it. */
const longestOwn = 160;
const longestSaying = 50;
/** Nothing answered there: what the system says ends with where that is. */
const unreached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

interface ErrorsAsked {
  readonly explains: (kind: string) => boolean;
  readonly endpoint?: string | undefined;
}

interface MostErrors {
  readonly name: string;
  readonly groups: readonly ErrorGroup[];
  /** How many and of which kind, without where and when. */
  readonly words: string;
  readonly span: Span | undefined;
  readonly elsewhere: number;
}

/** Those that explain it where most of them are; of one endpoint where only that is meant. Undefined without any. */
export function mainErrors(run: RunData, asked: ErrorsAsked): Culprit | undefined {
  const most = mostErrors(run, asked);
  if (most === undefined) return undefined;
  const { name, groups, words, span, elsewhere } = most;
  const when = span === undefined ? undefined : timeWords(run, name, { there: groups, span });
  return {
    name,
    words: [
      `${words}${isOwn(groups) || asked.endpoint !== undefined ? '' : ` on ${nameWords(name)}`}`,
      ...(when === undefined ? [] : [when]),
      ...(elsewhere === 0 ? [] : [`${formatCount(elsewhere)} more elsewhere`]),
    ].join(', '),
    ...(span !== undefined && { at: span }),
  };
}

/** The same in its parts. */
export function mostErrors(run: RunData, { explains, endpoint }: ErrorsAsked): MostErrors | undefined {
  const all = [...run.errors.values()].filter(
    (group) => explains(group.kind) && (endpoint === undefined || group.endpoint === endpoint),
  );
  const [most] = totals(all, placeOf);
  if (most === undefined) return undefined;
  const [name, here] = most;
  const groups = all.filter((group) => placeOf(group) === name);
  const elsewhere = all.reduce((sum, { count }) => sum + count, 0) - here;
  return { name, groups, words: kindsWords(groups), span: spanOfErrors(run, groups), elsewhere };
}

/** A name of a table as it may stand in a sentence. */
export function nameWords(name: string, longest = longestName): string {
  return cutText(plainLine(name), longest);
}

/** `67 × HTTP 503 "db locked" and 66 timeouts`. */
function kindsWords(groups: readonly ErrorGroup[]): string {
  const kinds = totals(groups, ({ kind, endpoint }) => (isOfTest(kind) ? endpoint : kind));
  const named = kinds.slice(0, namedKinds).map(([kind, count]) => kindWords(kind, count, groups));
  const rest = kinds.slice(namedKinds).reduce((sum, [, count]) => sum + count, 0);
  const all = rest === 0 ? named : [...named, rest === 1 ? '1 other' : `${formatCount(rest)} others`];
  return `${all.slice(0, -1).join(', ')}${all.length > 1 ? ' and ' : ''}${all.at(-1) ?? ''}`;
}

function kindWords(kind: string, count: number, groups: readonly ErrorGroup[]): string {
  const [first] = groups.filter((group) => group.kind === kind || group.endpoint === kind).sort(byCount);
  const number = formatCount(count);
  if (first !== undefined && isOfTest(first.kind)) return `${number} × ${nameWords(first.sample, longestOwn)}`;
  if (kind === 'timeout') return `${number} timeout${count === 1 ? '' : 's'}`;
  if (kind === 'stalled' || kind === 'empty') return `${number} ${kind} stream${count === 1 ? '' : 's'}`;
  if (kind === 'unfinished') return `${number} cut off at the end`;
  return `${number} × ${plainLine(kind)}${first === undefined ? '' : moreWords(first, count)}`;
}

/** What the body of the answer says, or else where the connection was to lead: that stands behind the kind in the system's words. */
function moreWords({ kind, sample, body, count }: ErrorGroup, all: number): string {
  if (body !== undefined) return saysWords(body, count / all);
  const at = unreached.has(kind) ? sample.indexOf(`${kind} `) : -1;
  if (at < 0) return '';
  const where = nameWords(sample.slice(at + kind.length + 1));
  return all === 1 ? ` ${where}` : ` (first ${where})`; // others of them may have been elsewhere
}

/** What most of them say is not said by all. */
function saysWords(body: string, share: number): string {
  if (share === 1) return ` ${quoted(body)}`;
  return share > 0.5 ? ` (mostly ${quoted(body)})` : '';
}

function quoted(text: string): string {
  return `"${cutText(text, longestSaying)}"`;
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
