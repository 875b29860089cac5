/**
 * Every error the agent answers is a problem document (RFC 9457): the same few fields, whatever went wrong and wherever.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from '@hono/zod-openapi';
import type { AppContext } from './context.ts';
import { commonHeaders } from './reply.ts';

export const problemSchema = z
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
export interface FieldError {
  readonly in: string;
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  readonly status: ContentfulStatusCode;
  /** The last word of `type`, in kebab case. */
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler to answer a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.problem = problem;
  }
}

export function problemResponse(c: AppContext, problem: Problem): Response {
  const document = {
    type: `urn:playload:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail !== undefined && { detail: problem.detail }),
    instance: c.req.path,
    request_id: c.var.requestId,
    ...(problem.errors !== undefined && { errors: problem.errors }),
  };
  return new Response(JSON.stringify(document), {
    status: problem.status,
    headers: { ...commonHeaders(c), ...problem.headers, 'content-type': 'application/problem+json' },
  });
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
