/** A response as Playwright's `APIResponse` has it. The body is here, whole, until it is disposed of. */
import { inspect } from 'node:util';
import type { ConnectTimes } from './connections/connect.ts';
import { headerRecord } from './header-list.ts';
import type { Hop } from './hop.ts';
import type { Answer } from './call-parts.ts';
import type { SecurityDetails } from './connections/security-details.ts';
import type { Json, LoadResponse, ResponseTiming } from './load-response.ts';

/** Symbols, so that a wrapper and a copy reach what private fields would keep from them, and nobody else sees it. */
const theHop = Symbol('hop');
const held = Symbol('held');
const theEpochMs = Symbol('epochMs');

/** One for all: a promise of its own for each response would say no more. */
const done = Promise.resolve();

export class RequestResponse<T = Json> implements LoadResponse<T> {
  readonly [theHop]: Hop;
  /**
   * The answer until it is disposed of, by whichever wrapper. Told of, `toBeOK` has asked for the log and asks for the
   * text next: it shall say what failed, not that there is no text.
   */
  readonly [held]: { body: Buffer | undefined; isToldOf?: boolean };
  /** Difference between the wall clock and the clock of the hop's moments, in milliseconds. */
  readonly [theEpochMs]: number;

  constructor(answer: Answer, epochMs: number) {
    this[theHop] = answer.hop;
    this[held] = answer;
    this[theEpochMs] = epochMs;
  }

  status(): number {
    return this[theHop].status;
  }

  statusText(): string {
    return this[theHop].statusText;
  }

  /** 200 to 299. */
  ok(): boolean {
    return this[theHop].status >= 200 && this[theHop].status <= 299;
  }

  /** Where the response came from: the last address of a chain of redirects. */
  url(): string {
    return this[theHop].target.href;
  }

  headers(): Record<string, string> {
    return headerRecord(this[theHop].received);
  }

  headersArray(): { name: string; value: string }[] {
    const list = this[theHop].received;
    return Array.from({ length: list.length / 2 }, (_, at) => ({
      name: list[2 * at] ?? '',
      value: list[2 * at + 1] ?? '',
    }));
  }

  /** In memory of its own: what came in the same piece, such as the head with its cookies, is not in its `buffer`. */
  async body(): Promise<Buffer> {
    return (this[held].body = owned(bytesOf(this, 'body')));
  }

  /** As UTF-8, whatever the response says that it is. */
  async text(): Promise<string> {
    if (this[held].isToldOf === true && this[theHop].discardBody) return '(thrown away, as `discardBody` asks)';
    const bytes = this.body === ownBody ? bytesOf(this, 'text') : await this.body();
    return bytes.toString(); // UTF-8, which Node finds quickest unnamed
  }

  async json(): Promise<T> {
    const isOwn = this.text === ownText && this.body === ownBody;
    return JSON.parse(isOwn ? bytesOf(this, 'json').toString() : await this.text()) as T;
  }

  dispose(): Promise<void> {
    this[held].body = undefined;
    return done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async serverAddr(): Promise<{ ipAddress: string; port: number } | null> {
    return this[theHop].peer ?? null;
  }

  async securityDetails(): Promise<SecurityDetails | null> {
    return this[theHop].security ?? null;
  }

  /**
   * Of the last hop, in milliseconds from `startTime`, which is whole milliseconds since 1970; -1 for what did not happen.
   * As in Playwright's, a new connection is looked up from 0 on.
   */
  timing(): ResponseTiming {
    const { startedAtMs, connect, sentAtMs, headAtMs, endedAtMs } = this[theHop];
    const since = (momentMs: number | undefined): number => (momentMs === undefined ? -1 : momentMs - startedAtMs);
    return {
      startTime: Math.floor(startedAtMs + this[theEpochMs]),
      ...connectTiming(connect, since),
      requestStart: since(sentAtMs),
      responseStart: since(headAtMs),
      responseEnd: since(endedAtMs),
    };
  }

  /** By this name `expect(response).toBeOK()` knows a response. */
  get _apiName(): 'APIResponse' {
    return 'APIResponse';
  }

  /** What `expect(response).toBeOK()` prints when it fails. */
  async _fetchLog(): Promise<string[]> {
    const { method, headers, status, statusText, target } = this[theHop];
    this[held].isToldOf = true;
    return [
      `→ ${method} ${target.href}`,
      ...Object.entries(headerRecord(headers)).map(([name, value]) => `  ${name}: ${value}`),
      `← ${status} ${statusText}`,
      ...Object.entries(this.headers()).map(([name, value]) => `  ${name}: ${value}`),
    ];
  }

  [inspect.custom](): string {
    const lines = this.headersArray().map(({ name, value }) => `  ${name}: ${value}`);
    return `APIResponse: ${this.status()} ${this.statusText()}\n${lines.join('\n')}`;
  }
}

/** As in Playwright's, `json` reads by `text` and `text` by `body`, of which somebody may have put another in its place. */
const ownBody: unknown = Reflect.get(RequestResponse.prototype, 'body');
const ownText: unknown = Reflect.get(RequestResponse.prototype, 'text');

function bytesOf(response: RequestResponse<unknown>, method: string): Buffer {
  const { body } = response[held];
  if (body === undefined) throw new Error(`apiResponse.${method}: Response has been disposed`);
  if (response[theHop].discardBody)
    throw new Error(`apiResponse.${method}: the body was thrown away as it came, as \`discardBody\` asks`);
  return body;
}

function owned(bytes: Buffer): Buffer {
  if (bytes.byteLength === bytes.buffer.byteLength) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  bytes.copy(copy);
  return copy;
}

function connectTiming(
  connect: ConnectTimes | undefined,
  since: (momentMs: number | undefined) => number,
): Pick<
  ResponseTiming,
  'domainLookupStart' | 'domainLookupEnd' | 'connectStart' | 'secureConnectionStart' | 'connectEnd'
> {
  if (connect === undefined) {
    return { domainLookupStart: -1, domainLookupEnd: -1, connectStart: -1, secureConnectionStart: -1, connectEnd: -1 };
  }
  const { lookedUpAtMs, connectedAtMs, securedAtMs } = connect;
  return {
    domainLookupStart: lookedUpAtMs === undefined ? -1 : 0,
    domainLookupEnd: since(lookedUpAtMs),
    connectStart: lookedUpAtMs === undefined ? 0 : since(lookedUpAtMs),
    secureConnectionStart: securedAtMs === undefined ? -1 : since(connectedAtMs),
    connectEnd: since(securedAtMs ?? connectedAtMs),
  };
}
