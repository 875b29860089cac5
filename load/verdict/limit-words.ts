/** Limits as a step of a report names them, also those that are refused for their form: `p95 < 100ms, successRate 100%`. */
import { cutText } from '../measure/cut-text.ts';
import { plainLine } from '../measure/plain-line.ts';

/** As many as a row of a report has room for. */
const most = 6;
const mostCharacters = 60;

/** Undefined for what holds no limit. */
export function limitWords(limits: unknown): string | undefined {
  const words = wordsIn('', limits, 0);
  const left = words.length - most;
  const shown = [...words.slice(0, most), ...(left > 0 ? [`${left} more`] : [])];
  return shown.length === 0 ? undefined : shown.join(', ');
}

/** Groups such as `serviceTime` are one level deep; what lies deeper is no limit. */
function wordsIn(prefix: string, limits: unknown, depth: number): string[] {
  if (!isObject(limits) || depth > 1) return [];
  return Object.entries(limits)
    .filter(([, limit]) => limit !== undefined)
    .flatMap(([key, limit]) => {
      const name = `${prefix}${key}`;
      if (isObject(limit) && 'target' in limit)
        return [short(`${name} ${text(limit['target'])}${acceptableOf(limit)}`)];
      return isObject(limit) ? wordsIn(`${name}.`, limit, depth + 1) : [short(`${name} ${text(limit)}`)];
    });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function acceptableOf(pair: Readonly<Record<string, unknown>>): string {
  return pair['acceptable'] === undefined ? '' : ` (acceptable ${text(pair['acceptable'])})`;
}

function text(limit: unknown): string {
  return typeof limit === 'string' || typeof limit === 'number' ? String(limit) : `(${typeof limit})`;
}

function short(words: string): string {
  return cutText(plainLine(words), mostCharacters);
}
