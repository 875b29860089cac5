/**
 * Finds in a text each place where a name is given a value (`name=value`, `"name": "value"`, `name: value`, a multipart
 * part, an XML element, an HTML field) and masks the values of secret names. Each pattern begins at a place that only
 * one match can begin at, and names are of bounded length, so a hostile body costs no more than its length.
 */
import { isPlainValue, isSecretName, type NamePlace } from './secret-name.ts';

/** What stands where a secret was. */
export const masked = '***';

/** A character of a name; a percent sequence, unless it begins, divides or ends a parameter. */
const nameCharacter = '(?:[\\w.~$+\\[\\]-]|%(?!(?:25)?(?:3f|26|23|3d|22))[0-9a-f]{2})';
const beforeName = '(?:(?<![\\w.~$%+\\[\\]-])|(?<=%(?:25)?(?:3f|26|23|22)))';
const escape = '\\\\(?!["\']).';
const quotedName = `(?<!\\\\)(\\\\{0,15})(["'])((?:[^"'\\\\\\r\\n]|${escape}){1,100}?)\\1\\2`;
const assignment = new RegExp(
  `(?:${quotedName}|${beforeName}(${nameCharacter}{1,100}))(\\s*(?:=>|:)\\s*|=|[ \\t]+=(?![=>~])[ \\t]*|%(?:25)?3d)`,
  'gi',
);

export function maskAssignments(text: string): string {
  return maskAssigned(maskPairs(maskMarkup(maskParts(text))));
}

/** `"name": "password", "value": "…"`, as HAR and many forms have it. */
const pair = /"(?:name|key|field|header|id)"\s*:\s*"([^"\\]{1,100})"\s*,\s*"values?"\s*:\s*/gi;

function maskPairs(text: string): string {
  return replaceValues(text, pair, (match, at) => {
    const name = match[1] ?? '';
    const end = valueEnd(text, at, { colon: true, quotedName: true, name });
    return isSecretName(name, 'parameter') && !isPlain(name, text.slice(at, end), true) ? end : undefined;
  });
}

function maskAssigned(text: string): string {
  const isLogin = /grant_?type|redirect_?uri|code_?verifier/i.test(text);
  return replaceValues(text, assignment, (match, at) => {
    const [, , quote, quoted, bareName, separator = ''] = match;
    const name = quoted === undefined ? (bareName ?? '') : unescaped(quoted);
    const colon = separator.includes(':') || separator.includes('>');
    const place: NamePlace = (!colon && !/["'\\]/.test(text.charAt(at))) || isLogin ? 'parameter' : 'field';
    if (!isSecretName(name, place)) return undefined;
    const end = valueEnd(text, at, { colon, quotedName: quote !== undefined, name });
    const value = text.slice(at, end);
    if (name.toLowerCase() === 'code' && /^\d{1,3}[,;)]?$/.test(value)) return undefined; // of an exit or a status, not a login
    return isPlain(name, value, quote !== undefined && colon) ? undefined : end;
  });
}

/** `inJson`: a number there is one, and no text of digits. */
function isPlain(name: string, value: string, inJson: boolean): boolean {
  const unquoted = value.replace(/^\\*["']|\\*["']$/g, '').trim();
  return isPlainValue(name, unquoted, inJson && /^[-\d]/.test(value));
}

/** Replaces by `***` what begins behind a match and ends where `endOf` says; nothing if it says nothing. */
function replaceValues(
  text: string,
  pattern: RegExp,
  endOf: (match: RegExpExecArray, at: number) => number | undefined,
): string {
  pattern.lastIndex = 0;
  let [kept, from] = ['', 0];
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const at = pattern.lastIndex;
    const end = endOf(match, at);
    if (end === undefined) continue;
    kept += text.slice(from, at) + hidden(text.slice(at, end));
    from = pattern.lastIndex = end;
  }
  return kept + text.slice(from);
}

/** A text keeps its quotes; anything else that stood in JSON becomes a text. */
function hidden(value: string): string {
  const [quote] = /^\\*["']/.exec(value) ?? [];
  if (quote !== undefined) return quote + masked + (value.endsWith(quote) ? quote : '');
  return /^[[{]/.test(value) ? `"${masked}"` : masked;
}

interface Assigned {
  readonly colon: boolean;
  readonly quotedName: boolean;
  readonly name: string;
}

/** A value in no quotes: of a URL up to what cannot stand in one, of JSON up to the next mark. */
const untilUrlEnd = /(?:(?!%(?:25)?26)[^&\s"<>])*/y;
const untilMark = /[^,}\]\s]*/y;
const untilLineEnd = /[^\r\n]*/y;
const untilListMark = /[^\r\n,;}\]]*/y;
/** Names after which a sentence may go on: `invalid token: expected …`. */
const weakName =
  /^(?:tokens?|session|signature|auth|keys?|code|pass|sid|sig|pin|secrets?|password|credentials?|cookies?)$/i;
const looksDrawn = /^[^\s,;}\]]*\d|^[^\s,;}\]]{20,}/;
/** Of what may go on as a sentence; the rest is not read once more for each name in it. */
const mostLooked = 200;
const wholeLine = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;

function valueEnd(text: string, at: number, { colon, quotedName, name }: Assigned): number {
  const quote = /\\*["']/y;
  quote.lastIndex = at;
  const [open] = quote.exec(text) ?? [];
  if (open !== undefined) return stringEnd(text, at + open.length, open);
  if (!colon) return endBy(untilUrlEnd, text, at);
  if (/[[{]/.test(text.charAt(at))) return nestedEnd(text, at);
  if (quotedName) return endBy(untilMark, text, at);
  if (wholeLine.test(name)) return endBy(untilLineEnd, text, at);
  if (weakName.test(name) && !looksDrawn.test(text.slice(at, at + mostLooked))) return at;
  return endBy(untilListMark, text, at);
}

function endBy(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text); // which moves it: each of them fits anywhere, if only nothing
  return pattern.lastIndex;
}

/**
 * Behind the closing quote, or the end of a text that was cut off. JSON inside JSON has its quotes behind n = 1, 3, 7 …
 * backslashes: a quote closes behind n of them and any number of escaped ones, which come in 2 (n + 1).
 */
function stringEnd(text: string, from: number, open: string): number {
  const n = open.length - 1;
  const quote = open.slice(-1);
  let backslashes = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') backslashes += 1;
    else if (character === quote && backslashes % (2 * (n + 1)) === n) return at + 1;
    else backslashes = 0;
  }
  return text.length;
}

/** Behind the bracket that closes the one at `from`, or the end of a text that was cut off. */
function nestedEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const before = /\\*$/.exec(text.slice(Math.max(0, at - 8), at))?.[0] ?? '';
      at = stringEnd(text, at + 1, `${before}"`) - 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function unescaped(name: string): string {
  return name.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The value of a multipart part (RFC 7578) lies between an empty line and the next boundary. A line is looked at once,
 * and only so many header lines behind it, lest a body of nothing but such lines cost its square.
 */
const disposition = /content-disposition:([^\r\n]*)/gi;
const nameOfPart = /\bname="?([^"\r\n;]{1,100})/i;
const restOfHeaders = /(?:\r?\n[^\r\n]+){0,20}\r?\n\r?\n/y;

function maskParts(text: string): string {
  let [kept, from] = ['', 0];
  for (const match of text.matchAll(disposition)) {
    const name = nameOfPart.exec((match[1] ?? '').slice(0, 1_000))?.[1] ?? '';
    restOfHeaders.lastIndex = match.index + match[0].length;
    if (match.index < from || !isSecretName(name, 'parameter') || !restOfHeaders.test(text)) continue;
    const at = restOfHeaders.lastIndex;
    const end = at + endOfPart(text.slice(at));
    kept += text.slice(from, at) + hidden(text.slice(at, end));
    from = end;
  }
  return kept + text.slice(from);
}

function endOfPart(rest: string): number {
  const end = rest.search(/\r?\n--/);
  return end === -1 ? rest.length : end;
}

const element = /<([\w:.-]{1,100})(?:\s[^<>]*)?>(?=[^<\s])/g;
/** Of a field whose `name` is a secret, what a browser would send or a script read. */
const fieldTag = /<(?:input|meta|button|param)\s[^<>]*>?/gi;
const nameOfField = /\b(?:name|id)\s*=\s*["']?([^"'\s>]{1,100})/i;
const valueOfField = /\b((?:value|content)\s*=\s*)(?:"[^"]*"?|'[^']*'?|[^\s"'>]+)/gi;

function maskMarkup(text: string): string {
  if (!text.includes('<')) return text;
  const fields = text.replace(fieldTag, (tag) =>
    isSecretName(nameOfField.exec(tag)?.[1] ?? '', 'parameter') ? tag.replace(valueOfField, `$1"${masked}"`) : tag,
  );
  return replaceValues(fields, element, (match, at) => {
    if (!isSecretName(match[1] ?? '', 'field')) return undefined;
    const end = fields.indexOf('<', at);
    return end === -1 ? fields.length : end;
  });
}
