/**
 * Waits at a meeting server until all shards are there. A server that is not up yet, or goes away, is asked again until
 * the time is over: it may run beside one of the shards and start later than this one, or behind a gateway that says so.
 */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { plainLine } from '../../measure/plain-line.ts';
import { formatDuration } from '../../measure/units.ts';
import { sendCounted } from '../../request/uncounted.ts';
import { type Attendance, missedWords } from './absent-shards.ts';
import type { MeetParts } from './meet-in-folder.ts';
import { type Coming, meetingLineOf, meetPath } from './meeting-message.ts';

const askAgainMs = 500;

type Answer =
  | { readonly kind: 'start' | 'aborted' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string };

/** Resolves when all are there. Throws when the server refuses, or when they are not there within the time. */
export async function meetAtServer(parts: MeetParts & { readonly what: string }): Promise<void> {
  const { place, party, clock, signal, what } = parts;
  const endMs = clock.now() + place.timeoutMs;
  const over = new AbortController();
  const cancel = clock.at(endMs, () => over.abort());
  const stop = () => over.abort();
  signal.addEventListener('abort', stop);
  let seen: Attendance | undefined;
  let lastWhy = 'no answer';
  try {
    for (;;) {
      const coming: Coming = { ...party, what };
      const answer = await ask(`${place.where}${meetPath}`, coming, over.signal, (attendance) => (seen = attendance));
      if (answer.kind === 'start' || signal.aborted) return;
      if (answer.kind === 'refused') throw new Error(`the shards cannot meet at ${place.where}: ${answer.why}`);
      if (answer.kind === 'lost') lastWhy = answer.why;
      if (over.signal.aborted) throw new Error(missedOf(seen, lastWhy, parts));
      await clock.sleepUntil(Math.min(endMs, clock.now() + askAgainMs), over.signal);
    }
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
    over.abort();
  }
}

function missedOf(seen: Attendance | undefined, why: string, { place, party }: MeetParts): string {
  if (seen !== undefined) return missedWords(seen, place);
  return `shard ${party.shard} of ${party.of} found no meeting server at ${place.where} (\`LOAD_MEET\`) within ${formatDuration(place.timeoutMs)}: ${why}`;
}

/** One request, for as long as its answer lasts. Never rejects. */
async function ask(
  url: string,
  coming: Coming,
  signal: AbortSignal,
  onAttendance: (attendance: Attendance) => void,
): Promise<Answer> {
  try {
    const asked = sendCounted(() => send(url, coming, signal));
    const [response] = (await once(asked, 'response', { signal })) as [IncomingMessage];
    response.on('error', () => undefined);
    const { statusCode = 0 } = response;
    if (statusCode !== 200) return { kind: statusCode < 500 ? 'refused' : 'lost', why: await refusal(response) };
    for await (const text of createInterface({ input: response })) {
      const line = meetingLineOf(text);
      if (line === undefined)
        return { kind: 'lost', why: `it is no meeting server: \`${plainLine(text).slice(0, 200)}\`` };
      if (line.kind === 'start') return { kind: 'start' };
      if (line.kind === 'off') return { kind: 'refused', why: line.why };
      onAttendance(line);
    }
    return { kind: 'lost', why: 'it went away' };
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' };
    const { code, message } = error as NodeJS.ErrnoException;
    return { kind: 'lost', why: code ?? message };
  }
}

/** As a load's own: it is no request that another load of this process would find beside its books. */
function send(url: string, coming: Coming, signal: AbortSignal): ClientRequest {
  const asked = request(url, { method: 'POST', agent: false, signal });
  asked.on('error', () => undefined); // also after the answer has begun
  return asked.end(JSON.stringify(coming));
}

const longestRefusal = 500;

async function refusal(response: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = response;
  if (headers.location !== undefined) return `${statusCode} to \`${plainLine(headers.location)}\``;
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > longestRefusal) break;
  }
  return plainLine(`${statusCode} ${text.slice(0, longestRefusal)}`.trim());
}
