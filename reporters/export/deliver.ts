/**
 * Sends results to whoever collects them: one request after the other, each again where the answer asks for that, and
 * all within one limit, since somebody waits for the build to end. What is said of a failure holds none of the headers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { longestTimerMs } from '../../load/measure/units.ts';
import { maskText } from '../../load/measure/mask.ts';
import { defaultReceiver, type ReceiverOptions } from '../options.ts';

/** Of one request. */
const mostAttempts = 4;
const firstPauseMs = 250;
const mostAnswerCharacters = 200;
const mostAnswerBytes = 65_536;
const noTime = ', and there was no time to send it again';

export interface Delivery {
  readonly target: ReceiverOptions;
  readonly method: 'POST' | 'PUT';
  /** Beside those of the target, over which they go. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly (string | Uint8Array<ArrayBuffer>)[];
}

/**
 * Resolves with the answers. Rejects with one line that says what the receiver answered, or why it could not be
 * reached.
 */
export async function deliver(delivery: Delivery): Promise<string[]> {
  const { timeoutMs = defaultReceiver.timeoutMs } = delivery.target;
  const limitMs = Math.min(timeoutMs, longestTimerMs);
  const limit = { endsAtMs: performance.now() + limitMs, signal: AbortSignal.timeout(limitMs) };
  const answers: string[] = [];
  for (const body of delivery.bodies) answers.push(await sendUntilTaken(delivery, body, limit));
  return answers;
}

/** Those of OTLP/HTTP, which Prometheus' remote write repeats too: it was too much, or nobody was there for a moment. */
const askAgain: readonly number[] = [429, 502, 503, 504];

interface Limit {
  readonly endsAtMs: number;
  /** Aborted then. */
  readonly signal: AbortSignal;
}

async function sendUntilTaken(
  delivery: Delivery,
  body: Delivery['bodies'][number],
  { endsAtMs, signal }: Limit,
): Promise<string> {
  const { target } = delivery;
  let before: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendOnce(delivery, body, signal);
    if (outcome.kind === 'taken') return outcome.answer;
    // What was wrong before says more than that the time is over, also where both came at once.
    if (signal.aborted && outcome.again && before !== undefined) throw new Error(`${before}${noTime}`);
    const pauseMs = outcome.pauseMs ?? firstPauseMs * 2 ** (attempt - 1);
    const problem = told(outcome.problem, target);
    if (!outcome.again || attempt === mostAttempts || signal.aborted) throw new Error(problem);
    if (performance.now() + pauseMs >= endsAtMs) throw new Error(`${problem}${noTime}`);
    await sleep(pauseMs);
    before = problem;
  }
}

type Outcome =
  | { readonly kind: 'taken'; readonly answer: string }
  | { readonly kind: 'refused'; readonly problem: string; readonly again: boolean; readonly pauseMs?: number };

async function sendOnce(
  { target, method, headers }: Delivery,
  body: Delivery['bodies'][number],
  signal: AbortSignal,
): Promise<Outcome> {
  const { address, authorization } = withoutUserInfo(target.url);
  try {
    const response = await fetch(address, {
      method,
      headers: { ...authorization, ...target.headers, ...headers },
      body,
      signal,
      redirect: 'manual', // followed, a POST becomes a GET that anybody answers with 200, and the headers go along
    });
    const answer = await headOf(response);
    if (response.ok) return { kind: 'taken', answer };
    const pauseMs = retryAfterMs(response.headers.get('retry-after'));
    return {
      kind: 'refused',
      problem: `\`${address}\` answered ${response.status}${elsewhere(response, address)}: ${answer}`,
      again: askAgain.includes(response.status),
      ...(pauseMs !== undefined && { pauseMs }),
    };
  } catch (error) {
    const again = isOfNetwork(error);
    const what = again || signal.aborted ? 'could not be reached' : 'cannot be asked';
    return { kind: 'refused', problem: `\`${address}\` ${what}: ${causeOf(error)}`, again: again || signal.aborted };
  }
}

/** Of an answer as much as a message of a collector may have, however much follows. */
async function headOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body as AsyncIterable<Uint8Array> | null) ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= mostAnswerBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, mostAnswerBytes));
}

/** Where a redirect leads, without its query: whoever means it writes it into the options. */
function elsewhere({ status, headers }: Response, address: string): string {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, address)) return '';
  const { origin, pathname } = new URL(location, address);
  return `, a redirect to \`${origin}${pathname}\`, which is not followed`;
}

/** `https://user:password@host` is how many write it, and no address that `fetch` takes. */
function withoutUserInfo(given: string): { address: string; authorization: Record<string, string> } {
  const url = new URL(given);
  const { username, password } = url;
  if (username === '' && password === '') return { address: url.href, authorization: {} };
  url.username = '';
  url.password = '';
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { address: url.href, authorization: { authorization: `Basic ${pair}` } };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - Date.now());
}

/** A connection that failed has a code, `ECONNREFUSED`; what `fetch` refuses to send, such as a bad name of a header, has none. */
function isOfNetwork(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && 'code' in error.cause;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** One line without the secrets that were sent: a receiver may answer with the very header that it did not like. */
function told(problem: string, { headers = {} }: ReceiverOptions): string {
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  const secrets = values.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), problem);
  return maskText(hidden)
    .replace(/\s+/g, ' ')
    .slice(0, mostAnswerCharacters + 200);
}
