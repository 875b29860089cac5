/**
 * A segment of a URL's path as people read it: `stra%C3%9Fe` → `straße`. Decoded is only what can be seen and cannot be
 * taken for anything else, as browsers show an address (URL Standard, 4.7): the row of a request is named by it.
 */

/** One character in UTF-8, by the length that its first byte says. */
const encodedCharacter =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}/gi;
const brokenEscape = /%(?![0-9a-f]{2})/i;
/** What an escape of it is the same as (RFC 3986, 6.2.2.2). */
const unreserved = /^[\w.~-]$/;
/** Letters, marks, digits, punctuation and symbols; neither blanks nor what has no look of its own: controls, bidi, zero width. */
const visible = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
/** Slashes that are none. */
const falseSlash = /[\u2044\u2215\u29f8\u27cb\u2571]/u;
/** What a character means must not be what delimits a URL: a wide question mark. */
const delimits = /[\s!-,/:-@[-^`{-~]/u;

/** Where a `%` is no escape, and where two spellings would look alike, the segment is left as it is. */
export function shownSegment(segment: string): string {
  if (!segment.includes('%') || brokenEscape.test(segment)) return segment;
  const shown = segment.replace(encodedCharacter, shownCharacter);
  return shown === shown.normalize('NFC') ? shown : segment;
}

function shownCharacter(escapes: string): string {
  const character = decoded(escapes);
  if (character === undefined) return escapes;
  const isSafe = character <= '\u007f' ? unreserved.test(character) : isDistinct(character);
  return isSafe ? character : escapes.toUpperCase();
}

function isDistinct(character: string): boolean {
  return visible.test(character) && !falseSlash.test(character) && !delimits.test(character.normalize('NFKC'));
}

function decoded(escapes: string): string | undefined {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return undefined; // overlong, or half a surrogate: no UTF-8
  }
}
