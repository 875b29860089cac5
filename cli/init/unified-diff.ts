/** The change of a file as `diff -u` shows it. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** `before` is undefined for a file that is new. Empty where nothing changes. */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const old = before === undefined ? '/dev/null' : `a/${path}`;
  return createTwoFilesPatch(old, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
