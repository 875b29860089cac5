/**
 * Access logs in the Common and the Combined Log Format, which nginx and Apache write:
 * `host ident user [10/Oct/2026:13:55:36 +0200] "GET /path HTTP/1.1" 200 2326 "referer" "agent"`.
 * Whatever follows the status is not looked at, so formats that add to it can be read too.
 */
import { type ReadLine, type ReadLog, samePath, whyNotSent } from './recorded-line.ts';

/** Bounded steps: no part can be had in two ways, so a hostile line costs no more than its length. */
const line =
  /^\S+ \S+ [^[]*\[(\d{2})\/(\w{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] "((?:[^"\\]|\\.)*)" (\d{3})(?: |$)/;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function readAccessLog(text: string): ReadLog {
  const lines: ReadLine[] = [];
  for (const each of linesOf(text)) lines.push(readLine(each));
  return { lines, wholeSeconds: true };
}

/** Lines that are not empty, one at a time: a second copy of a big log would be as big. */
export function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    const each = text.slice(from, end).trimEnd();
    if (each !== '') yield each;
    from = end + 1;
  }
}

function readLine(text: string): ReadLine {
  const [, day, month = '', year, hours, minutes, seconds, sign, zoneHours, zoneMinutes, asked = '', status] =
    line.exec(text) ?? [];
  const at = months.indexOf(month);
  if (at === -1 || Number(day) > 31) return { leftOut: 'malformed' };
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const atMs = Date.UTC(Number(year), at, Number(day), Number(hours), Number(minutes), Number(seconds)) - zoneMs;
  const [method = '', url = '', protocol = 'HTTP/0.9', ...more] = asked.split(' ');
  if (more.length > 0 || !/^HTTP\/\d/.test(protocol)) return { leftOut: 'malformed' };
  if (/^https?:\/\//i.test(url)) return { leftOut: 'another host' };
  const sent = unescaped(url);
  const why = whyNotSent({ method, url: sent });
  return why === undefined
    ? { atMs, request: { method, url: samePath(sent), status: Number(status) } }
    : { leftOut: why };
}

/**
 * What nginx (`\x22`) and Apache (`\"`) write with a backslash: quotes and backslashes, and the bytes of whatever is no
 * ASCII, which are percent-encoded. A control character (`\t`) stays one, so that its line is malformed.
 */
function unescaped(url: string): string {
  if (!url.includes('\\')) return url;
  return url.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, code: string | undefined, character: string | undefined) => {
    if (code === undefined) return character === '"' || character === '\\' ? character : '\t';
    const byte = Number.parseInt(code, 16);
    return byte < 0x80 ? String.fromCharCode(byte) : `%${code.toUpperCase()}`;
  });
}
