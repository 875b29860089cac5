/**
 * Where a scenario calls its requests. A stack costs microseconds, so only the first calls of a run are looked at; that
 * is enough to name the line at which an `await` is missing.
 */
import { dirname } from 'node:path';
import type { CallSite } from '../measure/recorder.ts';

/** Calls of a run that are looked at. */
const looked = 100;

export class CallSites {
  #left = looked;

  /** To be asked while the caller is on the stack; undefined for the calls that are not looked at. */
  take(): CallSite | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    return new StackSite(new Error());
  }
}

class StackSite implements CallSite {
  readonly #error: Error;

  constructor(error: Error) {
    this.#error = error;
  }

  /** `specs/load.spec.ts:12:30`, or words where the stack does not show it. Source maps are read here, not before. */
  describe(): string {
    return placeOfUser(this.#error)?.replace(`${process.cwd()}/`, '') ?? 'a place that its stack does not show';
  }
}

/** Where the user's code made the call in which an error of this library's was made; undefined where it does not show. */
export function usersPlace(
  error: Error,
): { readonly file: string; readonly line: number; readonly column: number } | undefined {
  const [, file = '', line, column] = /^(.+):(\d+):(\d+)$/.exec(placeOfUser(error) ?? '') ?? [];
  return file === '' ? undefined : { file, line: Number(line), column: Number(column) };
}

/** It was made two folders deep in the library. */
function placeOfUser(error: Error): string | undefined {
  const places = (error.stack ?? '').split('\n').slice(1).map(placeOf);
  const folder = dirname(dirname(places[0] ?? ''));
  return places.find((place) => place !== undefined && isUsers(place, folder));
}

/** `    at scenario (/project/a.spec.ts:3:20)` -> `/project/a.spec.ts:3:20`. */
function placeOf(frame: string): string | undefined {
  const place = /\(?((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/.exec(frame)?.[1];
  return place?.replace(/^file:\/\//, '');
}

/**
 * Neither this library, its test aids, nor the test runner. A test of the library's own is a user's. `place` is a path
 * with slashes, line and column behind it or not.
 */
export function isUsers(place: string, libraryFolder: string): boolean {
  if (/\.test\.ts(?::\d+:\d+)?$/.test(place)) return true;
  const foreign = [`${libraryFolder}/`, `${dirname(libraryFolder)}/testing/`, '/node_modules/'];
  return !foreign.some((folder) => place.includes(folder));
}
