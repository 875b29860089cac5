/** What the caller's own rules say of an event: they are asked of each, and may say anything. */
import { inspect } from 'node:util';
import type { StreamEvent } from './event-parser.ts';

/** Throws what the rule throws, and where it says neither yes nor no: a promise is true to JavaScript. */
export function isLastBy(rule: ((event: StreamEvent) => boolean) | undefined, event: StreamEvent): boolean {
  if (rule === undefined) return false;
  const said: unknown = rule(event);
  if (typeof said === 'boolean') return said;
  throw wrongAnswer('isLast', '`true` or `false`', said);
}

/** As `isLastBy`, of a count. */
export function tokensBy(rule: (event: StreamEvent) => number, event: StreamEvent): number {
  const said: unknown = rule(event);
  if (typeof said === 'number' && Number.isSafeInteger(said) && said >= 0) return said;
  throw wrongAnswer('tokens', 'a whole number from 0 on', said);
}

const shownChars = 60;

/** What a promise comes to is nobody's any more: that it is one is told already. */
function wrongAnswer(option: string, be: string, said: unknown): TypeError {
  const isPromise = said instanceof Promise;
  if (isPromise) said.catch(() => undefined);
  const got = isPromise ? 'a promise: is it `async`?' : inspect(said, { depth: 0, breakLength: Infinity });
  return new TypeError(`\`${option}\` must give ${be}, got ${got.slice(0, shownChars)}`);
}
