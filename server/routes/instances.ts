/** Instances: registered, read, removed. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Instances } from '../jobs/collection/instances.ts';
import type { AppEnv } from './context.ts';
import {
  instanceIdSchema,
  instanceParamsSchema,
  instanceSchema,
  putInstanceSchema,
  showInstance,
} from './instance-schemas.ts';
import { jsonContent } from './json-content.ts';
import { limitSchema, nextLink, pageContent, pageOf } from './paging.ts';
import { problems } from './problem.ts';
import { reply } from './reply.ts';

const path = '/api/v1/instances';
const tags = ['instances'];

const routes = {
  put: createRoute({
    method: 'put',
    path: `${path}/{id}`,
    tags,
    summary: 'Register an instance, or change its registration',
    request: { params: instanceParamsSchema, body: { required: true, ...jsonContent(putInstanceSchema) } },
    responses: {
      200: { description: 'Changed', ...jsonContent(instanceSchema) },
      201: { description: 'Registered', ...jsonContent(instanceSchema) },
      ...problems(400, 413, 415, 422),
    },
  }),
  read: createRoute({
    method: 'get',
    path: `${path}/{id}`,
    tags,
    summary: 'One instance',
    request: { params: instanceParamsSchema },
    responses: { 200: { description: 'Its registration', ...jsonContent(instanceSchema) }, ...problems(404, 422) },
  }),
  list: createRoute({
    method: 'get',
    path,
    tags,
    summary: 'Instances by their id',
    request: { query: z.strictObject({ limit: limitSchema, after: instanceIdSchema.optional() }) },
    responses: {
      200: pageContent(instanceSchema),
      ...problems(422),
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: `${path}/{id}`,
    tags,
    summary: 'Remove an instance; its history stays until it is too old',
    request: { params: instanceParamsSchema },
    responses: { 204: { description: 'Removed' }, ...problems(404, 422) },
  }),
};

export function instanceRoutes(app: OpenAPIHono<AppEnv>, instances: Instances): void {
  app.openapi(routes.put, async (c) => {
    const { metrics_url: metricsUrl, ...rest } = c.req.valid('json');
    const { instance, created } = await instances.put({ ...rest, id: c.req.valid('param').id, metricsUrl });
    return reply(c, showInstance(instance), created ? 201 : 200);
  });
  app.openapi(routes.read, async (c) => reply(c, showInstance(await instances.get(c.req.valid('param').id)), 200));
  app.openapi(routes.list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const { page, last } = pageOf(await instances.list(after ?? '', limit + 1), limit);
    const link = last && nextLink(path, new URLSearchParams({ limit: String(limit), after: last.id }));
    return reply(c, page.map(showInstance), 200, link);
  });
  app.openapi(routes.remove, async (c) => {
    await instances.remove(c.req.valid('param').id);
    return new Response(null, { status: 204, headers: { 'x-request-id': c.var.requestId } });
  });
}
