/** What is said of streams, and what the types of their bodies say of them. */
import { maskText } from '../../measure/mask.ts';
import { plainLine } from '../../measure/plain-line.ts';
import { formatCount, formatMs } from '../../measure/units.ts';
import type { StreamEndedBy } from '../../measure/stream-filing.ts';
import type { StreamForm } from './event-parser.ts';

/** Types of bodies with a JSON text in each line: none is registered, and these are in use. */
const linesTypes = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/stream+json',
]);

/** Types that say nothing of what is in a body. */
const silentTypes = new Set(['', 'text/plain', 'application/octet-stream']);

export function formOf(contentType: string | undefined): StreamForm {
  const type = essence(contentType);
  if (type === 'text/event-stream') return 'events';
  return linesTypes.has(type) ? 'lines' : 'chunks';
}

/** Why a body of this type is no event stream; undefined where it may be one. */
export function wrongType(contentType: string | undefined): string | undefined {
  const type = essence(contentType);
  if (type === 'text/event-stream' || silentTypes.has(type)) return undefined;
  return `the answer is no event stream: its content-type must be \`text/event-stream\`, got \`${type}\``;
}

function essence(contentType = ''): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** As much of what a server sent as an error shows, and as is read for it. */
const shownChars = 100;
const readChars = 4 * shownChars;

/** The beginning of a text from outside, without secrets and nothing but text. */
export function headOfText(text: string): string {
  return plainLine(maskText(text.slice(0, readChars))).slice(0, shownChars);
}

const endWords: Readonly<Record<StreamEndedBy, string>> = {
  server: '',
  client: '; left by its scenario',
  cut: '; cut off',
  stalled: '; stalled',
  empty: '',
  failed: '; failed',
};

interface Came {
  readonly events: number;
  readonly tokens: number;
  readonly firstMs: number | undefined;
  readonly by: StreamEndedBy;
}

/** `11 events, the first after 203 ms, 9 tokens; cut off`. */
export function describeEvents({ events, tokens, firstMs, by }: Came): string {
  const first = firstMs === undefined ? '' : `, the first after ${formatMs(firstMs)}`;
  const ofTokens = tokens === 0 ? '' : `, ${formatCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`;
  return `${formatCount(events)} ${events === 1 ? 'event' : 'events'}${first}${ofTokens}${endWords[by]}`;
}
