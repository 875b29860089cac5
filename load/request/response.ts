/** A response as Playwright's `APIResponse` has it. The body is here, whole, until it is disposed of. */
import { inspect } from 'node:util';
import type { APIResponse } from '@playwright/test';
import type { ConnectTimes } from './connections/connect.ts';
import { headerRecord } from './header-list.ts';
import type { Hop } from './hop.ts';
import type { Answer } from './call.ts';
import type { SecurityDetails } from './connections/security-details.ts';

/** A parsed body has whatever type its reader says, as with `JSON.parse`. */
export type Json = ReturnType<typeof JSON.parse>;

export type ResponseTiming = ReturnType<APIResponse['timing']>;

export class RequestResponse<T = Json> implements APIResponse<T> {
  readonly #hop: Hop;
  /** Difference between the wall clock and the clock of the hop's moments, in milliseconds. */
  readonly #epochMs: number;
  #body: Buffer | undefined;

  constructor({ hop, body }: Answer, epochMs: number) {
    this.#hop = hop;
    this.#body = body;
    this.#epochMs = epochMs;
  }

  status(): number {
    return this.#hop.status;
  }

  statusText(): string {
    return this.#hop.statusText;
  }

  /** 200 to 299. */
  ok(): boolean {
    return this.#hop.status >= 200 && this.#hop.status <= 299;
  }

  /** Where the response came from: the last address of a chain of redirects. */
  url(): string {
    return this.#hop.target.href;
  }

  headers(): Record<string, string> {
    return headerRecord(this.#hop.received);
  }

  headersArray(): { name: string; value: string }[] {
    const list = this.#hop.received;
    return Array.from({ length: list.length / 2 }, (_, at) => ({
      name: list[2 * at] ?? '',
      value: list[2 * at + 1] ?? '',
    }));
  }

  /** In memory of its own: what came in the same piece, such as the head with its cookies, is not in its `buffer`. */
  async body(): Promise<Buffer> {
    return (this.#body = owned(this.#bytes('body')));
  }

  async text(): Promise<string> {
    return this.#bytes('text').toString('utf8');
  }

  async json(): Promise<T> {
    return JSON.parse(this.#bytes('json').toString('utf8')) as T;
  }

  async dispose(): Promise<void> {
    this.#body = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#body = undefined;
  }

  async serverAddr(): Promise<{ ipAddress: string; port: number } | null> {
    return this.#hop.peer ?? null;
  }

  async securityDetails(): Promise<SecurityDetails | null> {
    return this.#hop.security ?? null;
  }

  /** Of the last hop, in milliseconds from `startTime`, which is milliseconds since 1970; -1 for what did not happen. */
  timing(): ResponseTiming {
    const { startedAtMs, connect, sentAtMs, headAtMs, endedAtMs } = this.#hop;
    const since = (momentMs: number | undefined): number => (momentMs === undefined ? -1 : momentMs - startedAtMs);
    return {
      startTime: startedAtMs + this.#epochMs,
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
    const { method, headers, status, statusText, target } = this.#hop;
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

  #bytes(method: string): Buffer {
    if (this.#body === undefined) throw new Error(`apiResponse.${method}: Response has been disposed`);
    return this.#body;
  }
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
  const { startedAtMs, lookedUpAtMs, connectedAtMs, securedAtMs } = connect;
  return {
    domainLookupStart: lookedUpAtMs === undefined ? -1 : since(startedAtMs),
    domainLookupEnd: since(lookedUpAtMs),
    connectStart: since(lookedUpAtMs ?? startedAtMs),
    secureConnectionStart: securedAtMs === undefined ? -1 : since(connectedAtMs),
    connectEnd: since(securedAtMs ?? connectedAtMs),
  };
}
