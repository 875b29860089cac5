/**
 * Text from outside as TypeScript that is nothing but data: whatever stands in a recording, it ends no literal, no
 * template and no comment, and nothing of it is invisible to who reads the file.
 */

import { looksLikeValue } from './value-look.ts';

/** A text in parts: what is there as it is, and expressions whose value stands in between. */
export type Piece = string | { readonly code: string };

/** All that a reader would not see, or that ends a line: written as its code point. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\u00a0\u00ad]/gu;

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `'text'`. */
export function literal(text: string): string {
  return `'${escaped(text).replaceAll("'", "\\'")}'`;
}

/** A literal, an expression alone, or a template of both. The value is a string, save that of an expression alone. */
export function textCode(pieces: readonly Piece[]): string {
  const given = pieces.filter((piece) => piece !== '');
  const [first] = given;
  if (first === undefined) return "''";
  if (given.every((piece) => typeof piece === 'string')) return literal(given.join(''));
  if (given.length === 1 && typeof first !== 'string') return first.code;
  const parts = given.map((piece) =>
    typeof piece === 'string' ? escaped(piece).replaceAll('`', '\\`').replaceAll('${', '\\${') : `\${${piece.code}}`,
  );
  return `\`${parts.join('')}\``;
}

/** One line of a comment. */
export function commentText(text: string): string {
  const plain = text.replace(unseen, ' ').replaceAll('*/', '* /').replace(/\s+/g, ' ').trim();
  return plain.length > 150 ? `${plain.slice(0, 149)}…` : plain;
}

/** Key of an object literal; `__proto__` would otherwise be its prototype. */
export function keyCode(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key);
}

/** `.name`, `['na-me']` or `[0]`. */
export function accessCode(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${literal(key)}]`;
}

/** Words that are no name of a variable here: of the language, and what a made spec has itself. */
const taken = new Set(
  `arguments async await break case catch check class const continue crypto data debugger default delete do else enum
  eval expect export extends false finally for function if implements import in instanceof interface let load mix new
  null package pause private process protected public request response return run secret static super switch test this
  throw true try typeof undefined users var void while with yield Number Promise String encodeURIComponent`.split(
    /\s+/,
  ),
);

/** Names of variables, each given once. */
export class Names {
  readonly #given = new Set(taken);

  /** In camel case, of what is a letter or digit in the words. */
  give(words: string, otherwise = 'value'): string {
    const name = camelCase(wordsAlone(words)) || otherwise;
    const base = /^\d/.test(name) ? `${otherwise}${name}` : name;
    for (let number = 1; ; number++) {
      const each = number === 1 ? base : `${base}${number}`;
      if (this.#given.has(each)) continue;
      this.#given.add(each);
      return each;
    }
  }
}

const longestName = 40;

export function camelCase(words: string): string {
  const parts = words
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
  const [first = '', ...rest] = parts;
  return `${first}${rest.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`).join('')}`.slice(
    0,
    longestName,
  );
}

/** Without ids and tokens: a name tells no value. */
function wordsAlone(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => !looksLikeValue(word))
    .join(' ');
}

/** Name of a variable of the environment. */
export function environmentName(words: string): string {
  const name = wordsAlone(words)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, longestName);
  return /^[A-Z]/.test(name) ? name : `SECRET_${name}`.replace(/_$/, '');
}
