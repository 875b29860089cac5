/** Workflows: made, listed, read, decided. */
import { createHash } from 'node:crypto';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { decisions } from '../domain/workflows/decisions.ts';
import { defaultWorkflowSettings, verdicts, type Decision, type Verdict } from '../domain/workflows/workflow.ts';
import type { Workflows } from '../jobs/workflows/workflows.ts';
import type { RequestKey } from '../store/workflows.ts';
import type { AppContext, AppEnv } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { jsonContent } from './json-content.ts';
import { nextLink, pageContent, pageOf } from './paging.ts';
import { problems } from './problem.ts';
import { reply } from './reply.ts';
import {
  createWorkflowSchema,
  decisionSchema,
  idempotencySchema,
  listQuerySchema,
  showSummary,
  showWorkflow,
  workflowParamsSchema,
  workflowSchema,
  workflowSummarySchema,
} from './workflow-schemas.ts';

const path = '/api/v1/workflows';
const tags = ['workflows'];

const decisionRoute = ({ verb, summary }: (typeof decisions)[Verdict]) =>
  createRoute({
    method: 'post',
    path: `${path}/{id}/${verb}`,
    tags,
    summary,
    request: { params: workflowParamsSchema, headers: idempotencySchema, body: jsonContent(decisionSchema) },
    responses: {
      200: { description: 'Decided', ...jsonContent(workflowSchema) },
      ...problems(400, 404, 409, 413, 415, 422),
    },
  });

const routes = {
  create: createRoute({
    method: 'post',
    path,
    tags,
    summary: 'Ask for a workflow',
    request: { headers: idempotencySchema, body: { required: true, ...jsonContent(createWorkflowSchema) } },
    responses: {
      202: {
        description: 'Accepted and durable; it runs when its instance is registered and free',
        headers: z.object({ location: z.string().meta({ description: 'Where to follow it' }) }),
        ...jsonContent(workflowSchema),
      },
      ...problems(400, 403, 413, 415, 422, 429),
    },
  }),
  list: createRoute({
    method: 'get',
    path,
    tags,
    summary: 'Workflows, newest first',
    request: { query: listQuerySchema },
    responses: {
      200: pageContent(workflowSummarySchema),
      ...problems(422),
    },
  }),
  read: createRoute({
    method: 'get',
    path: `${path}/{id}`,
    tags,
    summary: 'One workflow',
    request: { params: workflowParamsSchema },
    responses: { 200: { description: 'Its state', ...jsonContent(workflowSchema) }, ...problems(404, 422) },
  }),
};

export function workflowRoutes(app: OpenAPIHono<AppEnv>, workflows: Workflows): void {
  app.openapi(routes.create, async (c) => {
    const body = c.req.valid('json');
    const { instance_id: instanceId, mode, ...settings } = body;
    const request = requestKey(c, c.req.valid('header')['idempotency-key'], body);
    const workflow = await workflows.create({
      instanceId,
      mode,
      settings,
      by: c.var.caller,
      scopes: c.var.scopes,
      request,
    });
    return reply(c, showWorkflow(workflow), 202, { location: `${path}/${workflow.id}` });
  });
  app.openapi(routes.list, async (c) => {
    const { limit, cursor, status, instance_id: instanceId } = c.req.valid('query');
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    const { page, last } = pageOf(await workflows.list({ status, instanceId, before }, limit + 1), limit);
    return reply(c, page.map(showSummary), 200, last && linkAfter(last.id, c.req.url));
  });
  app.openapi(routes.read, async (c) => reply(c, showWorkflow(await workflows.get(c.req.valid('param').id)), 200));
  for (const verdict of verdicts) {
    app.openapi(decisionRoute(decisions[verdict]), async (c) => {
      const { id } = c.req.valid('param');
      const decided = await workflows.decide(id, verdict, who(c, c.req.valid('json'), c.req.valid('header')));
      return reply(c, showWorkflow(decided), 200);
    });
  }
}

type CreateRequest = z.output<typeof createWorkflowSchema>;
type IdempotencyHeader = z.output<typeof idempotencySchema>;

/** Who decides, and why. The name is the key's: a client can't decide in somebody else's name. */
function who(
  c: AppContext,
  { reason }: z.output<typeof decisionSchema>,
  { 'idempotency-key': key }: IdempotencyHeader,
) {
  return {
    by: c.var.caller,
    ...(reason !== undefined && { reason }),
    ...(key !== undefined && { key }),
  } satisfies Partial<Decision>;
}

/** Keys of different callers never meet; the digest tells a repetition from another request under the same key. */
function requestKey(c: AppContext, key: string | undefined, body: CreateRequest): RequestKey | undefined {
  if (key === undefined) return undefined;
  const digested = JSON.stringify(withoutLaterDefaults(body));
  return { key: `${c.var.caller}:${key}`, hash: createHash('sha256').update(digested).digest('hex') };
}

/**
 * As the first release would have read the request: what it did not know only counts where it differs from its default, so
 * that a request repeated across an upgrade is the same one. Each field that comes later belongs here.
 */
function withoutLaterDefaults({ restart_s: restartS, ...known }: CreateRequest): object {
  return restartS === defaultWorkflowSettings.restart_s ? known : { ...known, restart_s: restartS };
}

/** The same list from after this workflow on. */
function linkAfter(lastId: string, url: string) {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
  query.set('cursor', encodeCursor(lastId));
  return nextLink(path, query);
}
