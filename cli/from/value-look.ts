/** What looks like a value, not like a word: it may stand in no name, and in no way to a value, of a spec. */

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const wholeUuid = new RegExp(`^${uuid}$`, 'i');
const somewhere = new RegExp(uuid, 'i');

export function isUuid(text: string): boolean {
  return wholeUuid.test(text);
}

/** Ids and tokens as names of fields, or segments of a path; `oauth2`, `v1` and `address_line_2` are words. */
export function looksLikeValue(word: string): boolean {
  return (
    somewhere.test(word) || /\d{5,}/.test(word) || (word.length >= 16 && /\d/.test(word) && !/^[a-z_-]+\d$/i.test(word))
  );
}

/** Dates, versions and places on Earth, and words with a number in between: `top-10-of-2026`. */
const ordinary =
  /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$|^-?v?\d+(?:\.\d+)+$|^[a-z]+(?:[_-](?:[a-z]+|\d{1,4}))*$/;

/** An id or a token in a path or a query: of these, more has digits that say nothing of anybody. */
export function looksLikeId(word: string): boolean {
  return looksLikeValue(word) && !ordinary.test(word);
}

/** Unix time of these years, in seconds or milliseconds. */
export function isMoment(word: string): boolean {
  return /^1[5-9]\d{8}(?:\d{3})?$/.test(word);
}
