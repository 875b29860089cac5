/** The headers of an option, each looked at before it is part of a request. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { pairsOf } from './pairs.ts';

/** A header set to nothing is left out. Throws in Playwright's words on a value that is no string, else in Node's. */
export function headerEntries(headers: unknown, option: string): [string, string][] {
  const entries: [string, string][] = [];
  for (const [name, value] of pairsOf(headers, option)) {
    if (value === undefined) continue;
    if (typeof value !== 'string') {
      throw new Error(`Expected value of header "${name}" to be String, but "${typeof value}" is found.`);
    }
    validateHeaderName(name);
    validateHeaderValue(name, value);
    entries.push([name, value]);
  }
  return entries;
}
