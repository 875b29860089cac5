/**
 * Every error the agent answers is a problem document (RFC 9457): the same few fields, whatever went wrong and wherever.
 */
import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ProblemError, type ProblemKind } from '../domain/problem.ts';
import { troubleOf } from '../store/trouble.ts';
import type { AppContext } from './context.ts';
import { commonHeaders } from './reply.ts';

const problemSchema = z
  .object({
    type: z.string().meta({
      description: 'Which kind of problem, as a URI that stays the same',
      example: 'urn:playload:problem:not-found',
    }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional().meta({ description: 'What was wrong with this request' }),
    instance: z.string().meta({ description: 'The path that was asked for' }),
    request_id: z.string(),
    errors: z
      .array(z.object({ in: z.string(), path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What was wrong with each field' }),
  })
  .openapi('Problem');

/** One wrong field: in which part of the request, where in it, and what was expected. */
interface FieldError {
  readonly in: string;
  readonly path: string;
  readonly message: string;
}

interface Answer {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const retryAfter = (seconds: number) => ({ 'retry-after': String(seconds) });
const unreadable = 'The engine can not be read';

/** How each kind of problem is answered: what the agent throws, and what the framework and the HTTP parser refuse. */
const answers = {
  'bad-metrics-page': { status: 502, title: 'Bad metrics page' },
  'body-too-large': { status: 413, title: 'Body too large' },
  busy: { status: 503, title: 'Busy', headers: retryAfter(1) },
  conflict: { status: 409, title: 'Conflict' },
  'cross-site': { status: 403, title: 'Cross-site request' },
  forbidden: { status: 403, title: 'Forbidden' },
  'forbidden-host': { status: 422, title: 'Forbidden host' },
  'headers-too-large': { status: 431, title: 'Request Header Fields Too Large' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  internal: { status: 500, title: 'Internal error' },
  'invalid-request': { status: 422, title: 'Invalid request' },
  'malformed-json': { status: 400, title: 'Malformed JSON' },
  'malformed-request': { status: 400, title: 'Bad Request' },
  // Not 403: the request may be fine, but it is for another host than this one (RFC 9110, 15.5.20).
  misdirected: { status: 421, title: 'Misdirected Request' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'no-data': { status: 404, title: 'No data yet' },
  'not-found': { status: 404, title: 'Not found' },
  'not-ready': { status: 503, title: 'Not ready', headers: retryAfter(1) },
  // Until then the event loop should have caught up: its delay is measured over one second.
  overloaded: { status: 503, title: 'Overloaded', headers: retryAfter(2) },
  'queue-full': { status: 429, title: 'Queue full', headers: retryAfter(10) },
  refused: { status: 400, title: 'Refused' },
  'request-timeout': { status: 408, title: 'Request Timeout' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-streams': { status: 429, title: 'Too many streams', headers: retryAfter(5) },
  unauthorized: { status: 401, title: 'Unauthorized' }, // with a challenge by who asks
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'upstream-bad-status': { status: 502, title: unreadable },
  'upstream-cut-off': { status: 502, title: unreadable },
  'upstream-forbidden': { status: 422, title: unreadable },
  'upstream-timeout': { status: 504, title: unreadable },
  'upstream-too-large': { status: 502, title: unreadable },
  'upstream-unreachable': { status: 502, title: unreadable },
  'wrong-engine': { status: 422, title: 'Wrong engine' },
} as const satisfies Readonly<Record<string, Answer>> & Readonly<Record<ProblemKind, Answer>>;

export interface Problem {
  readonly kind: keyof typeof answers;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** Beside those of the kind. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the kind's own. */
  readonly status?: ContentfulStatusCode;
}

interface Request {
  readonly path: string;
  readonly requestId: string;
}

/** The document of a problem, and the status and headers that go with it. */
export function describeProblem({ kind, detail, errors, ...given }: Problem, { path, requestId }: Request) {
  const { title, status: usual, headers }: Answer = answers[kind];
  const status = given.status ?? usual;
  const document = {
    type: `urn:playload:problem:${kind}`,
    title,
    status,
    detail,
    instance: path,
    request_id: requestId,
    ...(errors !== undefined && { errors }),
  };
  return {
    status,
    title,
    text: JSON.stringify(document),
    headers: { ...headers, ...given.headers, 'content-type': 'application/problem+json' },
  };
}

export function problemResponse(c: AppContext, problem: Problem): Response {
  const { status, text, headers } = describeProblem(problem, { path: c.req.path, requestId: c.var.requestId });
  return new Response(text, { status, headers: { ...commonHeaders(c), ...headers } });
}

/** What an error stands for; `undefined` for a fault of ours. */
export function problemOf(error: Error): Problem | undefined {
  if (error instanceof ProblemError) {
    const { kind, message: detail, retryAfterS } = error;
    return retryAfterS === undefined ? { kind, detail } : { kind, detail, headers: retryAfter(retryAfterS) };
  }
  if (error instanceof HTTPException) return frameworkProblem(error);
  const trouble = troubleOf(error);
  return trouble && { kind: 'not-ready', detail: trouble.detail, headers: retryAfter(trouble.retryAfterS) };
}

/** What the framework itself refuses. */
function frameworkProblem({ status, message }: HTTPException): Problem {
  switch (status) {
    case 400:
      return { kind: 'malformed-json', detail: 'the body is not JSON' };
    case 415:
      return { kind: 'unsupported-media-type', detail: 'send `application/json`' };
    default:
      return { kind: 'refused', status, detail: message };
  }
}

const problemContent = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

const descriptions = {
  400: 'Malformed',
  401: 'No key, or an unknown one',
  403: 'The key may not do this',
  404: 'There is no such thing',
  409: 'Not in this state',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'Not what the schema asks for',
  429: 'Too many requests',
  500: 'A fault of the agent',
  502: 'The upstream answered badly',
  503: 'Too busy, or not ready',
  504: 'The upstream did not answer in time',
} as const;

type ProblemStatus = keyof typeof descriptions;

/** The `responses` of a route definition for the problems it may answer. */
export function problems<const S extends ProblemStatus>(
  ...statuses: S[]
): Record<S, ReturnType<typeof problemContent>> {
  return Object.fromEntries(statuses.map((status) => [status, problemContent(descriptions[status])])) as Record<
    S,
    ReturnType<typeof problemContent>
  >;
}
