/**
 * What a user's own code gets to see of a run: its request context, who and which iteration it is, its row of data, and
 * the means to check, group and count.
 */
import type { APIRequest, APIRequestContext, Request } from '@playwright/test';
import type { Duration } from '../measure/units.ts';
import type { Pause } from '../profile/pause.ts';
import type { CookieFilter } from '../request/cookie-jar.ts';
import type { NewCookie, StoredCookie } from '../request/cookie.ts';
import type { RequestStream } from '../request/stream/request-stream.ts';
import type { StreamOptions } from '../request/stream/stream-options.ts';
import type { FetchOptions, RequestOptions } from '../request/request-options.ts';
import type { Connect } from '../request/sockets/load-socket.ts';
import type { SampleTags } from '../measure/samples/kind.ts';
import type { Json, LoadResponse } from '../request/load-response.ts';

type Send<Options> = <Body = Json>(url: string, options?: Options) => Promise<LoadResponse<Body>>;

/**
 * What a scenario calls `request`: Playwright's `APIRequestContext`, whose calls also take a `name`, the row they are
 * counted under, and `tags`.
 */
export type LoadRequestContext = Omit<
  APIRequestContext,
  'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'fetch' | 'addCookies' | 'cookies' | 'clearCookies'
> &
  Readonly<Record<'get' | 'post' | 'put' | 'patch' | 'delete' | 'head', Send<RequestOptions>>> & {
    /** Any method; or a page's `Request` once more. */
    readonly fetch: <Body = Json>(
      urlOrRequest: string | Request,
      options?: FetchOptions,
    ) => Promise<LoadResponse<Body>>;
    /** Adds cookies to this user's. With `transport: 'playwright'` it is there from Playwright 1.64 on, as the next two. */
    readonly addCookies: (cookies: readonly NewCookie[]) => Promise<void>;
    /** This user's cookies: all, or those that would be sent to `urls`. */
    readonly cookies: (urls?: string | readonly string[]) => Promise<StoredCookie[]>;
    /** Takes away cookies that fit the filter; all without one. */
    readonly clearCookies: (filter?: CookieFilter) => Promise<void>;
  };

/**
 * What a scenario's `request` is: a `LoadRequestContext` that also streams, which Playwright's own does not. A client class
 * that streams takes this one; others take both.
 */
export type StreamingRequestContext = LoadRequestContext & {
  /**
   * The events of an answer as they come: server-sent events, lines of NDJSON, or pieces. It is one request, in one row;
   * time to the first event, gaps between events and tokens are measured as they come. Throws an `OptionsError` for
   * options that are wrong, and with `transport: 'playwright'`, which cannot stream.
   *
   * @example
   * for await (const { data } of request.stream('/events')) check('it is an order', data.includes('order'));
   */
  readonly stream: (url: string, options?: StreamOptions) => RequestStream;
};

/**
 * Makes one more measured context, as Playwright's `newContext` does in a test: with what `use` says, save for the
 * options that are given.
 */
export type NewContext = (options?: Parameters<APIRequest['newContext']>[0]) => Promise<StreamingRequestContext>;

/** What a scenario is called with. */
export interface ScenarioContext<Row = undefined, State = unknown, UserRow = unknown> {
  /** Playwright's `APIRequestContext`, measured. */
  readonly request: StreamingRequestContext;
  /**
   * One more context for this user, for another token, server or set of cookies: its requests are counted as those of
   * `request` are. It is disposed of at the end of the run at the latest; a user may have 100 at a time.
   */
  readonly newContext: NewContext;
  /**
   * Opens a WebSocket as this user: `const socket = await connect('/ws')`. It is closed at the end of the iteration at the
   * latest. Rejects where the handshake fails, which is a failed request.
   */
  readonly connect: Connect;
  /** Number of this user, from 1; in an open model, of the slot that took the arrival. */
  readonly user: number;
  /** Number of this iteration, from 1, warm-up included; no other of the run has it, in whatever segment. */
  readonly iteration: number;
  /** Place of this iteration in the order of a `mix`, from 1. Segments of a counted load continue each other's. */
  readonly turn: number;
  /** The feeder's row for this iteration. */
  readonly data: Row;
  /** What the load's `user` gave to `use` for this user; undefined without a `user`. */
  readonly state: State;
  /** The row of `userData` for this user, the same in all of its iterations. */
  readonly userData: UserRow;
  /** Aborted when the run is stopped; hand it to whatever else waits. */
  readonly signal: AbortSignal;
  /** Counts whether it holds, by name, and hands the answer back. Throws an `OptionsError` for what is no boolean. */
  readonly check: (name: string, passed: boolean) => boolean;
  /**
   * Waits, as people do between two clicks: `pause('1s')`, `pause(between('1s', '3s'))`. The same seed gives a user the
   * same pauses. It goes on after the end of the profile, within `gracefulStop`; nobody comes back from one that is longer.
   * Pauses are in no time that is measured:
   * a pause before the first request puts off its intended start, and one within a `group` is not in the group's time.
   * Rejects with an `OptionsError` for what is neither a pause nor a duration.
   */
  readonly pause: (duration: Pause | Duration) => Promise<void>;
  /**
   * Measures any asynchronous function as a request is: a query, a remote procedure call, a message and its answer. Its
   * row is `name`, and its limits those of `run.endpoint(name)`; the first call or request of an iteration counts its
   * response time from the intended start. Resolves and rejects as the function does, which then is a failed request;
   * after `requestTimeout` it is given up as timed out. Rejects with an `OptionsError` for what is no asynchronous function.
   *
   * @example
   * await measure('select orders', async () => pool.query('select * from orders'));
   */
  readonly measure: Measure;
  /** Times a part of the iteration as one figure of its own. Rejects with an `OptionsError` for what is no function. */
  readonly group: <Result>(name: string, part: () => Promise<Result>) => Promise<Result>;
  /** Counts and measures things of the scenario's own. */
  readonly metrics: ScenarioMetrics;
}

/** `measure` of a scenario. */
export type Measure = <Result>(
  name: string,
  part: (context: MeasureContext) => PromiseLike<Result>,
  options?: MeasureOptions,
) => Promise<Result>;

/** What a measured function is called with. */
export interface MeasureContext {
  /** Aborted when the call is given up: after `requestTimeout`, or at the end of the run. */
  readonly signal: AbortSignal;
}

/** What `measure` takes beside name and function. */
export interface MeasureOptions {
  /** Rows of the table of tags that it is counted in besides: `{ tenant: 'a' }`, found by `run.tag('tenant', 'a')`. */
  readonly tags?: SampleTags;
}

/**
 * Metrics of the user's own, in k6's four kinds, by name. Each throws an `OptionsError` for a name that is no text, and
 * for a value of another kind.
 */
export interface ScenarioMetrics {
  /** Adds up: `metrics.counter('orders')`; `by` is 1 by default, and never below 0. */
  readonly counter: (name: string, by?: number) => void;
  /** Keeps the last value, with the lowest and the highest. */
  readonly gauge: (name: string, value: number) => void;
  /** Counts the share of `true`. */
  readonly rate: (name: string, passed: boolean) => void;
  /** Keeps the distribution of its values: mean and percentiles, in their own unit. */
  readonly trend: (name: string, value: number) => void;
}

/**
 * The user's own function; one call of it is an iteration (Locust's task, k6's exec function). It may throw: then the
 * iteration failed, and is counted by its message. Requests it does not wait for make the run fail.
 */
export type Scenario<Row = undefined, State = unknown, UserRow = unknown> = (
  context: ScenarioContext<Row, State, UserRow>,
) => unknown;
