/** What the agent measures about itself, in Prometheus' text format. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { TypedResponse } from 'hono';
import type { Telemetry } from '../jobs/telemetry.ts';
import type { AppEnv } from './context.ts';
import { commonHeaders } from './reply.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['probes'],
  summary: "The agent's own metrics",
  responses: { 200: { description: 'A page for Prometheus', content: { 'text/plain': { schema: z.string() } } } },
});

export function ownMetricsRoute(app: OpenAPIHono<AppEnv>, telemetry: Telemetry): void {
  app.openapi(route, async (c) => {
    const { bytes, contentType } = await telemetry.page();
    const headers = { ...commonHeaders(c), 'content-type': contentType };
    return new Response(bytes, { headers }) as Response & TypedResponse<string, 200, 'text'>;
  });
}
