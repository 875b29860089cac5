/** `replay('access.log')`: a log that is sent again, when its requests came and as they came. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { plainLine } from '../measure/plain-line.ts';
import { show } from '../measure/units.ts';
import { OptionsError, refuseNoOptions, throwProblems, unknownOptions } from '../options-error.ts';
import { readAccessLog } from '../profile/replay/access-log.ts';
import { readHar } from '../profile/replay/har-file.ts';
import { readJsonLines } from '../profile/replay/json-lines.ts';
import type { ReadLog, ReplayedRequest } from '../profile/replay/recorded-line.ts';
import { Replay } from '../profile/replay/replay-profile.ts';
import { mostStarts } from '../profile/replay/timetable.ts';
import { callingFile } from './calling-file.ts';
import { dataPath, whyUnusable } from './data-path.ts';
import { fileText } from './file-text.ts';
import type { ScenarioContext } from './scenario.ts';

/** How a log is sent again. */
export interface ReplayOptions {
  /** How many times as fast as it came; above 0. 1 by default. */
  readonly speed?: number;
  /**
   * An access log knows whole seconds only. `true`, by default: its requests are spread evenly over their second. `false`:
   * all of a second come at once.
   */
  readonly spread?: boolean;
}

export const defaultReplayOptions: Required<ReplayOptions> = { speed: 1, spread: true };

const known = { speed: true, spread: true } as const satisfies Record<keyof ReplayOptions, true>;

/** Beyond these a log is to be cut: it is in memory as long as its load lasts. */
const most = { bytes: 256 * 2 ** 20, lines: mostStarts, speed: 1_000_000 };

/**
 * A log as a profile of the open model: each of its requests is due when it came, counted from the first, divided by
 * `speed`, and is the `data` of its iteration. It reads access logs in the Common or Combined Log Format, HAR files (by
 * the ending `.har`), and JSON lines (`{ "time", "method", "url", "headers", "body" }`, the time in ISO 8601 or since
 * 1970). Without a scenario each request is sent as it is, to the `baseURL` of the test. Lines that can't be sent are
 * counted in the profile's words, by why. A path is relative to the file that calls. Throws an `OptionsError` for a file
 * that cannot be read, is above 256 MiB or a million lines, or has nothing to send.
 *
 * @example
 * const run = await load(replay('access.log', { speed: 2 }));
 * await load(replay('access.log'), ({ request, data }) => request.fetch(data.url, { method: data.method, maxRedirects: 0 }));
 */
export function replay(path: string | URL, options: ReplayOptions = {}): Replay {
  refuseNoOptions('replay', options);
  const { speed, spread } = { ...defaultReplayOptions, ...options };
  throwProblems([
    ...unknownOptions('replay', options, known),
    ...(typeof speed === 'number' && speed > 0 && speed <= most.speed
      ? []
      : [
          `\`speed\` must be a number above 0 and at most ${most.speed}, such as 2 for twice as fast, got ${show(speed)}`,
        ]),
    ...(typeof spread === 'boolean' ? [] : [`\`spread\` must be \`true\` or \`false\`, got ${show(spread)}`]),
  ]);
  const found = dataPath(path, callingFile(), 'replay');
  try {
    const log = readLog(found);
    const made = new Replay(plainLine(basename(found)), log, { speed, spread });
    if (made.total === 0) throw new Error(nothingIn(log));
    return made;
  } catch (cause) {
    throw new OptionsError([`replay file \`${found}\` cannot be used: ${whyUnusable(cause, path)}`]);
  }
}

function readLog(path: string): ReadLog {
  const { size } = statSync(path);
  if (size > most.bytes)
    throw new Error(`it has ${Math.ceil(size / 2 ** 20)} MiB, and ${most.bytes / 2 ** 20} MiB can be replayed: cut it`);
  const bytes = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new Error('it is packed by gzip: unpack it (`gunzip --keep`)');
  const text = fileText(bytes, { hint: 'logs are' });
  const log = readerOf(path, text)(text);
  if (log.lines.length > most.lines)
    throw new Error(`it has ${log.lines.length} lines, and ${most.lines} can be replayed: cut it`);
  return log;
}

function readerOf(path: string, text: string): (text: string) => ReadLog {
  if (/\.har$/i.test(path)) return readHar;
  return text.trimStart().startsWith('{') ? readJsonLines : readAccessLog;
}

function nothingIn({ lines }: ReadLog): string {
  const [first] = lines;
  if (first === undefined) return 'it has no lines';
  const why = 'leftOut' in first ? first.leftOut : '';
  return `none of its ${lines.length} lines can be sent (the first is ${why}); it must be an access log in the Common or Combined Log Format, a HAR file or JSON lines`;
}

/** What a replay does without a scenario: the request as it was, redirects included, since the log has what followed. */
export async function sendAsRecorded({ request, data }: ScenarioContext<ReplayedRequest>): Promise<void> {
  const { url, method, headers, body } = data;
  await request.fetch(url, {
    method,
    maxRedirects: 0,
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { data: Buffer.from(body) }), // a text may be put in quotes, where its type is JSON
  });
}
