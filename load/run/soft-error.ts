/** A failed `expect.soft` as the failure of an iteration. */
import { stripVTControlCharacters } from 'node:util';

/** With one line of what `expect` says in several. */
export function softError(message: string): Error {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = new Error(
    lines
      .slice(0, 4)
      .join(', ')
      .replace(/^Error: /, ''),
  );
  error.name = 'expect.soft';
  return error;
}
