/**
 * What an error or the body of a failed answer says, in the form that tells one cause from another: what differs each time
 * (ids, numbers, moments) is left out, so that ten thousand request ids are one row.
 */
import { maskBody } from './mask.ts';
import { plainLine } from './plain-line.ts';

/** As much of a text as is kept. */
const longestSaid = 200;

/** As much of a text as is read for its shape. */
const mostRead = 300;

/** A word with a digit is an id or a number; so is a long one whose upper and lower case letters are mixed at random. */
const withDigit = /(?<![\w-])[A-Za-z_-]*\d[\w-]*/g;
const longWord = /(?<![\w-])[\w-]{12,}/g;
/** Numbers in a row: an address, a version, a moment. */
const numbers = /#(?:[.,:/+ ]?#)+/g;
/** Any but a single blank. */
const gaps = /\s{2,}|[^\S ]/g;

/** The words without what differs: `order # is locked`. Only the head is read: this is done for each failed request. */
export function shapeOf(text: string): string {
  return text
    .slice(0, mostRead)
    .replace(withDigit, '#')
    .replace(longWord, (word) => (isMixed(word) ? '#' : word))
    .replace(numbers, '#')
    .replace(gaps, ' ')
    .slice(0, longestSaid)
    .trim();
}

function isMixed(word: string): boolean {
  const upper = word.length - word.replace(/[A-Z]/g, '').length;
  return upper > word.length / 3 && upper < (word.length * 3) / 4;
}

/** A body as one line of text without secrets; undefined where it says nothing: empty, `{}`, or bytes that are no text. */
export function saidOf(body: string): string | undefined {
  if (/[\0\ufffd](?!$)/.test(body)) return undefined; // the last character may be cut in two
  const words = plainLine(maskBody(wordsOf(body)))
    .replace(/\s+/g, ' ')
    .slice(0, longestSaid);
  return /[\p{L}\p{N}]/u.test(words) ? words : undefined;
}

/** Of a page of HTML its text: the markup is that of any other. */
export function wordsOf(body: string): string {
  const text = body.trimStart();
  if (!text.startsWith('<')) return text;
  return (
    text
      .replace(/<(style|script)[^>]*>[^]*?(?:<\/\1>|$)/gi, ' ')
      .replace(/<[^>]*(?:>|$)/g, ' ')
      .trim() || text
  );
}
