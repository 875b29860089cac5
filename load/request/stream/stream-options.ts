/** What `request.stream` takes beside the URL, checked and with its defaults. */
import { type Duration, durationMsOf, durationProblem, show } from '../../measure/units.ts';
import { throwProblems } from '../../options-error.ts';
import type { RequestOptions } from '../request-options.ts';
import type { StreamEvent, StreamForm } from './event-parser.ts';
import { isDone } from './tokens.ts';

/** Endings of a stream that need not be failures. */
const endings = ['cut', 'stalled', 'empty'] as const;
const forms = ['events', 'lines', 'chunks'] as const;

/** What `request.stream` takes beside the URL: the options of a request, and what its events are and how it may end. */
export interface StreamOptions extends RequestOptions {
  /** `GET` by default, or `POST` where there is a body. */
  readonly method?: string;
  /**
   * What an event is: a server-sent event (`text/event-stream`, WHATWG HTML 9.2), a line (NDJSON), or each piece of the
   * body as it comes. By default what the answer's `content-type` says, and `events` where `tokens` is `'openai'`. A
   * stream that was asked for as `events` and is answered with another type is a failure, `malformed`.
   */
  readonly as?: 'events' | 'lines' | 'chunks';
  /** How long the first event may take from the call; then the stream has failed with a `timeout`. `requestTimeout` of the load by default. */
  readonly firstEventTimeout?: Duration;
  /** Longest silence after an event; then the stream is `stalled`, which is a failure. `requestTimeout` of the load by default. */
  readonly stallAfter?: Duration;
  /** Longest line or event in bytes; a longer one is a failure, `malformed`. 1 MiB by default. */
  readonly maxEventBytes?: number;
  /** Tells the last event: a stream that ends before it was cut, which is a failure. Without it the end of the body is the end. */
  readonly isLast?: (event: StreamEvent) => boolean;
  /**
   * Counts tokens, for the time to the first, the latency between two and the time per token, as `vllm bench serve` defines
   * them. `'openai'`: one for each chunk with `choices[].delta` or `choices[].text` in it, until `usage.completion_tokens`
   * says how many there were; the last event is then `[DONE]`, and an `error` in a chunk a failure. A stream that ends
   * without a token is `empty`, which is a failure.
   */
  readonly tokens?: 'openai' | ((event: StreamEvent) => number);
  /**
   * How many times a cut stream of server-sent events is taken up again: after the server's `retry`, or 1 s, with
   * `Last-Event-ID`. 0 by default. The time it takes is a gap between two events like any other.
   */
  readonly reconnect?: number;
  /** Endings that are no failure: the loop then ends as if the stream had. None by default. */
  readonly allow?: readonly ('cut' | 'stalled' | 'empty')[];
}

export type AllowedEnding = (typeof endings)[number];

/** How a stream is to be read. */
export interface StreamPlan {
  readonly form: StreamForm | undefined;
  /** 0: for ever. */
  readonly firstEventMs: number;
  readonly stallMs: number;
  /** Of the whole; undefined where only the run ends it. */
  readonly totalMs: number | undefined;
  readonly maxEventBytes: number;
  readonly isLast: ((event: StreamEvent) => boolean) | undefined;
  readonly tokens: StreamOptions['tokens'];
  readonly reconnects: number;
  readonly allow: ReadonlySet<AllowedEnding>;
}

export const defaultStreamOptions = {
  maxEventBytes: 1_048_576,
  reconnect: 0,
  /** Where the server names no `retry`. */
  retryMs: 1_000,
} as const;

/** Throws an `OptionsError` with all that is wrong. `timeoutMs`: of requests of this context. */
export function streamPlanOf(options: StreamOptions, timeoutMs: number): StreamPlan {
  throwProblems(problemsOf(options));
  const { as, tokens, firstEventTimeout, stallAfter } = options;
  return {
    form: as ?? (tokens === 'openai' ? 'events' : undefined),
    firstEventMs: durationOr(firstEventTimeout, timeoutMs),
    stallMs: durationOr(stallAfter, timeoutMs),
    totalMs: options.timeout === 0 ? undefined : (options.timeout ?? undefined),
    maxEventBytes: options.maxEventBytes ?? defaultStreamOptions.maxEventBytes,
    isLast: options.isLast ?? (tokens === 'openai' ? isDone : undefined),
    tokens: tokens ?? undefined,
    reconnects: options.reconnect ?? defaultStreamOptions.reconnect,
    allow: new Set(options.allow),
  };
}

/** The method that is sent where none is given. */
export function methodOfStream({ method, data, form, multipart }: StreamOptions): string {
  if (method !== undefined && method !== '') return typeof method === 'string' ? method.toUpperCase() : method;
  return (data ?? form ?? multipart ?? undefined) === undefined ? 'GET' : 'POST';
}

/**
 * The options of its request: a compressed stream comes in larger pieces than its events, so that none is asked for unless
 * the caller does. `extra`: headers of all requests of the context.
 */
export function requestOptionsOf(
  options: StreamOptions,
  { form, firstEventMs }: StreamPlan,
  extra: Readonly<Record<string, string>> = {},
): RequestOptions {
  const own = options.headers ?? {};
  const given = new Set([...Object.keys(extra), ...Object.keys(own)].map((name) => name.toLowerCase()));
  const missing = Object.entries({
    'accept-encoding': 'identity',
    ...(form === 'events' && { accept: 'text/event-stream' }),
  }).filter(([name]) => !given.has(name));
  return { ...options, headers: { ...Object.fromEntries(missing), ...own }, timeout: firstEventMs };
}

function durationOr(duration: Duration | undefined, otherwiseMs: number): number {
  return duration === undefined ? otherwiseMs : (durationMsOf(duration) ?? otherwiseMs);
}

/** Of types too, for callers without TypeScript. What is `null` was not given. */
function problemsOf(options: StreamOptions): string[] {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  const { as, firstEventTimeout, stallAfter, maxEventBytes, isLast, tokens, reconnect, allow, timeout } =
    given as Readonly<Record<keyof StreamOptions, unknown>>;
  const problems: string[] = [];
  const must = (option: string, value: unknown, holds: boolean, be: string): void => {
    if (value !== undefined && !holds) problems.push(`\`${option}\` must be ${be}, got ${show(value)}`);
  };
  must('as', as, isOneOf(forms, as), list(forms));
  for (const [option, value] of Object.entries({ firstEventTimeout, stallAfter })) {
    const ms = typeof value === 'string' ? durationMsOf(value) : undefined;
    if (value !== undefined && ms === undefined) problems.push(durationProblem(option, value));
    must(option, value, ms !== 0, 'above 0');
  }
  must('timeout', timeout, typeof timeout === 'number' && timeout >= 0, 'a number of milliseconds from 0 on');
  must('maxEventBytes', maxEventBytes, isWhole(maxEventBytes, 1), 'a whole number of bytes from 1 on');
  must('isLast', isLast, typeof isLast === 'function', 'a function of an event');
  must('tokens', tokens, tokens === 'openai' || typeof tokens === 'function', "`'openai'` or a function of an event");
  must('reconnect', reconnect, isWhole(reconnect, 0), 'a whole number from 0 on');
  must(
    'allow',
    allow,
    Array.isArray(allow) && allow.every((one) => isOneOf(endings, one)),
    `a list of ${list(endings)}`,
  );
  if (typeof reconnect === 'number' && reconnect > 0 && (as === 'lines' || as === 'chunks'))
    problems.push(`\`reconnect\` is of server-sent events, which have ids; \`as\` is \`${as}\``);
  return problems;
}

function isOneOf(known: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && known.includes(value);
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`'${word}'\``).join(', ');
}
