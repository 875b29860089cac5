/** Measures calls of Playwright's context; apart from what is handed out, which people wrap in a `Proxy` or copy. */
import { performance } from 'node:perf_hooks';
import type { APIRequestContext } from '@playwright/test';
import { tagsProblem } from '../../measure/tags.ts';
import type { LoadResponse } from '../load-response.ts';
import { OptionsError } from '../../options-error.ts';
import { answered, failed, type Asked } from './playwright-sample.ts';
import {
  checkRequestOptions,
  type FetchOptions,
  type RequestOptions,
  unknownToPlaywright,
} from '../request-options.ts';
import type { AskCallSite, IsForgotten, OnCall, OnRefused, OnRequest } from '../sample.ts';
import { Targets } from '../target.ts';
import { sendCounted } from '../uncounted.ts';

export interface PlaywrightTransportParts {
  readonly context: APIRequestContext;
  readonly onRequest: OnRequest;
  readonly onCall?: OnCall;
  readonly callSite?: AskCallSite;
  readonly isForgotten?: IsForgotten;
  readonly onRefused?: OnRefused;
  /** What the context resolves relative URLs against; without it a sample's URL is the response's, or as asked. */
  readonly baseURL?: string | undefined;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

export type Fetched<T> = Promise<LoadResponse<T>>;

export class PlaywrightMeasuring {
  readonly context: APIRequestContext;
  readonly #parts: PlaywrightTransportParts;
  readonly #now: () => number;
  readonly #targets: Targets;
  #isDisposed = false;

  constructor(parts: PlaywrightTransportParts) {
    this.context = parts.context;
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#targets = new Targets(parts.baseURL);
  }

  dispose(options?: { reason?: string }): Promise<void> {
    this.#isDisposed = true;
    return this.context.dispose(options);
  }

  /** Throws what Playwright's context cannot be asked for, once it is told of. */
  refuse(error: OptionsError): never {
    this.#parts.onRefused?.(error);
    throw error;
  }

  async measure<T>(
    asked: Asked,
    send: (options: Omit<FetchOptions, keyof OwnOptions | 'name' | 'tags'>) => Fetched<T>,
  ): Fetched<T> {
    const { onCall, callSite, onRequest, onRefused, isForgotten } = this.#parts;
    const { name, tags: given, retryAfter, discardBody, ...rest } = asked.options;
    const tags = given ?? undefined;
    const url = this.#absolute(asked);
    refuseTags(tags, onRefused);
    const calledAtMs = this.#now();
    const epochMs = Date.now() - calledAtMs;
    refuseOwn({ retryAfter, discardBody }, onRefused);
    const tag = isRight(rest) ? onCall?.(calledAtMs, callSite?.()) : undefined;
    try {
      const response = await sendCounted(() => send(rest));
      onRequest(answered(response, { asked, url, name, tags, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() }));
      return response;
    } catch (error) {
      const sample =
        isRight(rest) && failed(error, { asked, url, name, tags, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() });
      if (sample) onRequest(sample);
      else onRefused?.(error);
      if (this.#isDisposed && isForgotten?.(tag) === true) return new Promise<never>(() => undefined);
      throw error;
    }
  }

  #absolute({ url, options }: Asked): string | undefined {
    try {
      return this.#targets.resolve(url, options.params).href;
    } catch {
      return undefined; // Playwright says why
    }
  }
}

type OwnOptions = Pick<RequestOptions, 'retryAfter' | 'discardBody'>;

/** What Playwright would pass over without a word. */
function refuseOwn(own: Readonly<Record<keyof OwnOptions, unknown>>, onRefused: OnRefused | undefined): void {
  const error = unknownToPlaywright(own);
  if (error === undefined) return;
  onRefused?.(error);
  throw error;
}

function refuseTags(tags: unknown, onRefused: OnRefused | undefined): void {
  const problem = tagsProblem(tags);
  if (problem === undefined) return;
  const error = new OptionsError([problem]);
  onRefused?.(error);
  throw error;
}

function isRight(options: RequestOptions): boolean {
  try {
    checkRequestOptions(options);
    return true;
  } catch {
    return false; // Playwright has said so already
  }
}
