/** Workflows: made, listed, read, stopped. */
import { createRoute, z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Workflows } from '../agent/workflows.ts';
import type { AppEnv } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { problems } from './problem.ts';
import { reply } from './reply.ts';
import {
  createWorkflowSchema,
  listQuerySchema,
  showSummary,
  showWorkflow,
  workflowParamsSchema,
  workflowSchema,
  workflowSummarySchema,
} from './workflow-schemas.ts';

const path = '/api/v1/workflows';
const tags = ['workflows'];
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });

const routes = {
  create: createRoute({
    method: 'post',
    path,
    tags,
    summary: 'Ask for a workflow',
    request: { body: { required: true, ...json(createWorkflowSchema) } },
    responses: {
      202: {
        description: 'Accepted and durable; it runs when its instance is free',
        headers: z.object({ location: z.string().meta({ description: 'Where to follow it' }) }),
        ...json(workflowSchema),
      },
      ...problems(400, 413, 415, 422),
    },
  }),
  list: createRoute({
    method: 'get',
    path,
    tags,
    summary: 'Workflows, newest first',
    request: { query: listQuerySchema },
    responses: {
      200: {
        description: 'A page; the `Link` header with `rel="next"` leads to the next one, if there is one',
        headers: z.object({ link: z.string().optional() }),
        ...json(z.array(workflowSummarySchema)),
      },
      ...problems(422),
    },
  }),
  read: createRoute({
    method: 'get',
    path: `${path}/{id}`,
    tags,
    summary: 'One workflow',
    request: { params: workflowParamsSchema },
    responses: { 200: { description: 'Its state', ...json(workflowSchema) }, ...problems(404, 422) },
  }),
  cancel: createRoute({
    method: 'post',
    path: `${path}/{id}/cancel`,
    tags,
    summary: 'Stop a workflow',
    request: { params: workflowParamsSchema },
    responses: { 200: { description: 'Stopped', ...json(workflowSchema) }, ...problems(404, 409, 422) },
  }),
};

export function workflowRoutes(app: OpenAPIHono<AppEnv>, workflows: Workflows): void {
  app.openapi(routes.create, async (c) => {
    const { instance_id: instanceId, mode, ...settings } = c.req.valid('json');
    const workflow = await workflows.create({ instanceId, mode, settings });
    return reply(c, showWorkflow(workflow), 202, { location: `${path}/${workflow.id}` });
  });
  app.openapi(routes.list, async (c) => {
    const { limit, cursor, status, instance_id: instanceId } = c.req.valid('query');
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    const found = await workflows.list({ status, instanceId, before }, limit + 1); // one more tells whether there is more
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return reply(c, page.map(showSummary), 200, last && { link: nextLink(c.req.url, last.id) });
  });
  app.openapi(routes.read, async (c) => reply(c, showWorkflow(await workflows.get(c.req.valid('param').id)), 200));
  app.openapi(routes.cancel, async (c) => reply(c, showWorkflow(await workflows.cancel(c.req.valid('param').id)), 200));
}

/** The same list from after this workflow on, as RFC 8288 writes it: a reference relative to the host. */
function nextLink(url: string, lastId: string): string {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
  query.set('cursor', encodeCursor(lastId));
  return `<${path}?${query.toString()}>; rel="next"`;
}
