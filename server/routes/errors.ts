/** Turns what a handler threw, what a schema refused and what no route matched into problem documents. */
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import type { z } from '@hono/zod-openapi';
import { FetchError, type FetchFailure } from '../jobs/collection/fetch-page.ts';
import { isDatabaseTrouble } from '../store/trouble.ts';
import type { AppContext } from './context.ts';
import { ProblemError, problemResponse, type Problem } from './problem.ts';

/** What the framework itself refuses. */
const frameworkProblems: Readonly<Record<number, { code: string; title: string; detail: string }>> = {
  400: { code: 'malformed-json', title: 'Malformed JSON', detail: 'the body is not JSON' },
  415: { code: 'unsupported-media-type', title: 'Unsupported media type', detail: 'send `application/json`' },
};

/** What the rest of the agent throws, by the name of the error. Faults of ours are not among them. */
const known: Readonly<Record<string, Omit<Problem, 'detail'>>> = {
  UnknownWorkflowError: { status: 404, code: 'not-found', title: 'Not found' },
  UnknownInstanceError: { status: 404, code: 'not-found', title: 'Not found' },
  NoDataError: { status: 404, code: 'no-data', title: 'No data yet' },
  WorkflowStateError: { status: 409, code: 'conflict', title: 'Conflict' },
  ReusedKeyError: { status: 422, code: 'idempotency-key-reused', title: 'Idempotency key reused' },
  QueueFullError: { status: 429, code: 'queue-full', title: 'Queue full', headers: { 'retry-after': '10' } },
  PoolFullError: { status: 503, code: 'busy', title: 'Busy', headers: { 'retry-after': '1' } },
  ForbiddenHostError: { status: 422, code: 'forbidden-host', title: 'Forbidden host' },
  PrometheusFormatError: { status: 502, code: 'bad-metrics-page', title: 'Bad metrics page' },
  WrongEngineError: { status: 422, code: 'wrong-engine', title: 'Wrong engine' },
};

const notReady = { status: 503, code: 'not-ready', title: 'Not ready', headers: { 'retry-after': '1' } } as const;

/** How a page that could not be fetched is answered. */
const fetchStatuses: Readonly<Record<FetchFailure, 422 | 502 | 504>> = {
  forbidden: 422,
  timeout: 504,
  unreachable: 502,
  'bad-status': 502,
  'too-large': 502,
  'cut-off': 502,
};

/** The problem an error stands for; `undefined` for a fault of ours. */
function problemOf(error: Error): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof FetchError) {
    const status = fetchStatuses[error.kind];
    return { status, code: `upstream-${error.kind}`, title: 'The engine can not be read', detail: error.message };
  }
  if (error instanceof HTTPException) {
    const framework = frameworkProblems[error.status] ?? { code: 'refused', title: 'Refused', detail: error.message };
    return { status: error.status, ...framework };
  }
  if (isDatabaseTrouble(error)) {
    return { ...notReady, detail: 'the database does not answer' };
  }
  if (error.name === 'NotReadyError') return { ...notReady, detail: error.message };
  const named = known[error.name];
  return named === undefined ? undefined : { ...named, detail: error.message };
}

export function answerError(log: Logger) {
  return (error: Error, c: AppContext): Response => {
    const problem = problemOf(error);
    if (problem !== undefined) return problemResponse(c, problem);
    log.error({ err: error, request_id: c.var.requestId, method: c.req.method, path: c.req.path }, 'request failed');
    return problemResponse(c, {
      status: 500,
      code: 'internal',
      title: 'Internal error',
      detail: 'the agent failed; its log has the reason under this request id',
    });
  };
}

interface Validation {
  readonly target: string;
  readonly success: boolean;
  readonly error?: z.core.$ZodError;
}

/** Names for the parts of a request, as a caller calls them. */
const parts: Readonly<Record<string, string>> = { json: 'body', param: 'path', query: 'query', header: 'header' };

export function answerInvalid(result: Validation, c: AppContext): Response | undefined {
  if (result.error === undefined) return undefined;
  const part = parts[result.target] ?? result.target;
  return problemResponse(c, {
    status: 422,
    code: 'invalid-request',
    title: 'Invalid request',
    detail: `the ${part} is not what was expected`,
    errors: result.error.issues.map((issue) => ({ in: part, path: issue.path.join('.'), message: issue.message })),
  });
}

interface Route {
  readonly method: string;
  readonly path: string;
}

/** 404 for an unknown path; for a known one 405 with the methods it has, or those methods alone when asked by OPTIONS. */
export function answerNotFound(routes: readonly Route[]) {
  const known = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, matches: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }));
  return (c: AppContext): Response => {
    const methods = new Set(known.filter(({ matches }) => matches.test(c.req.path)).map(({ method }) => method));
    if (methods.size === 0) {
      return problemResponse(c, {
        status: 404,
        code: 'not-found',
        title: 'Not found',
        detail: 'there is no such path',
      });
    }
    if (methods.has('GET')) methods.add('HEAD');
    const allow = [...methods.add('OPTIONS')].join(', ');
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
    return problemResponse(c, {
      status: 405,
      code: 'method-not-allowed',
      title: 'Method not allowed',
      detail: `this path has ${allow}`,
      headers: { allow },
    });
  };
}
