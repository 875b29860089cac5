/**
 * Runs one script through Playwright's context and through ours, against the same server, and lays what each saw and
 * what the server saw of each side by side.
 */
import { errors, request as playwrightRequest, type APIRequestContext, type APIResponse } from '@playwright/test';
import { RequestContext } from '../../load/request/context.ts';
import { codeOf } from '../../load/request/failure.ts';
import type { RequestContextOptions } from '../../load/request/request-options.ts';
import type { SeenRequest, StrangeServer } from './strange-server.ts';

/** Records how a call ended. */
export type Look = (call: Promise<APIResponse>) => Promise<void>;

export interface Script {
  readonly title: string;
  readonly context?: Omit<RequestContextOptions, 'pool' | 'http2' | 'onRequest' | 'now'>;
  /** Every host there is, over http and https, is the server. */
  readonly anyHost?: boolean;
  run(request: APIRequestContext, look: Look, baseURL: string, server: StrangeServer): Promise<unknown>;
}

interface Side {
  readonly seen: readonly SeenRequest[];
  readonly outcomes: readonly unknown[];
  /** What the script returned. */
  readonly result: unknown;
}

export async function bothSides(server: StrangeServer, script: Script): Promise<{ ours: Side; playwright: Side }> {
  const anyHost = script.anyHost === true && { proxy: { server: server.anyHostURL }, ignoreHTTPSErrors: true };
  const options = { baseURL: server.baseURL, ...anyHost, ...script.context };
  const theirs = await playwrightRequest.newContext(options);
  const playwright = await oneSide(server, script, theirs);
  return { playwright, ours: await oneSide(server, script, new RequestContext(options)) };
}

async function oneSide(server: StrangeServer, script: Script, context: APIRequestContext): Promise<Side> {
  const outcomes: unknown[] = [];
  const look: Look = async (call) => {
    try {
      outcomes.push(await describeResponse(await call, server.baseURL));
    } catch (error) {
      outcomes.push(describeError(error, server.baseURL));
    }
  };
  server.takeSeen();
  try {
    const result = await script.run(context, look, server.baseURL, server);
    return { seen: server.takeSeen(), outcomes, result };
  } finally {
    await context.dispose();
  }
}

async function describeResponse(response: APIResponse, baseURL: string): Promise<unknown> {
  const withoutDate = ([name]: readonly [string, string]): boolean =>
    !['date', 'keep-alive', 'connection'].includes(name);
  return {
    status: response.status(),
    statusText: response.statusText(),
    ok: response.ok(),
    url: response.url().replace(baseURL, ''),
    headers: Object.fromEntries(Object.entries(response.headers()).filter(withoutDate)),
    headersArray: response
      .headersArray()
      .map(({ name, value }) => `${name}: ${value}`)
      .filter((line) => !/^(?:date|keep-alive|connection):/i.test(line)),
    body: (await response.body()).toString('latin1'),
    text: await response.text(),
    json: await response.json().then(JSON.stringify, (error: unknown) => (error instanceof Error ? error.name : error)),
    serverAddr: (await response.serverAddr())?.ipAddress,
  };
}

/** Class, name, code and first line: what users catch, and what a report groups by. */
function describeError(error: unknown, baseURL: string): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  return {
    name: error.name,
    code: codeOf(error),
    isTimeoutError: error instanceof errors.TimeoutError,
    firstLine: error.message.split('\n')[0]?.replace(baseURL, ''),
  };
}
