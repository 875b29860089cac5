/** Is the agent alive, is it ready, who is it, what can it do. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Health } from '../jobs/health.ts';
import type { AppEnv } from './context.ts';
import { jsonContent } from './json-content.ts';
import { problems } from './problem.ts';
import { reply } from './reply.ts';

const healthFields = {
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: z.iso.datetime(),
  version: z.string(),
  agent_id: z.string(),
  agent_type: z.literal('performance'),
  uptime_seconds: z.number().nonnegative(),
};

const healthSchema = z.object(healthFields).openapi('Health');

const componentSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy', 'not_configured']),
    latency_ms: z
      .number()
      .nonnegative()
      .optional()
      .meta({ description: 'How long it took to answer; absent when it was not asked' }),
    detail: z.string().optional(),
  })
  .openapi('Component');

const detailedSchema = z
  .object({
    ...healthFields,
    components: z.object({ database: componentSchema, cache: componentSchema, orchestrator: componentSchema }),
    event_loop: z.object({ mean_delay_ms: z.number(), p99_delay_ms: z.number(), max_delay_ms: z.number() }),
    memory: z.object({ rss_bytes: z.number().int(), heap_used_bytes: z.number().int() }),
  })
  .openapi('DetailedHealth');

const configSchema = z
  .object({
    agent_id: z.string(),
    agent_type: z.literal('performance'),
    port: z.number().int(),
    log_level: z.string(),
    environment: z.string(),
    version: z.string(),
  })
  .openapi('Config');

const capabilitiesSchema = z
  .object({
    capabilities: z.array(z.string()),
    supported_platforms: z.array(z.string()),
    optimization_types: z.array(z.string()),
    workflow_features: z.array(z.string()),
  })
  .openapi('Capabilities');

const aliveSchema = z.object({ status: z.literal('alive') }).openapi('Alive');
const readySchema = z.object({ status: z.literal('ready') }).openapi('Ready');

const answers = <T extends z.ZodType>(description: string, schema: T) => ({
  200: { description, ...jsonContent(schema) },
});

const routes = {
  health: createRoute({
    method: 'get',
    path: '/api/v1/health',
    tags: ['health'],
    summary: 'The process is up',
    responses: answers('Alive; nothing else is asked', healthSchema),
  }),
  detailed: createRoute({
    method: 'get',
    path: '/api/v1/health/detailed',
    tags: ['health'],
    summary: 'The process and what it depends on, each really asked',
    responses: answers('The state of each part', detailedSchema),
  }),
  config: createRoute({
    method: 'get',
    path: '/api/v1/config',
    tags: ['health'],
    summary: 'The settings that may be shown',
    responses: answers('The settings', configSchema),
  }),
  capabilities: createRoute({
    method: 'get',
    path: '/api/v1/capabilities',
    tags: ['health'],
    summary: 'What this agent can do',
    responses: answers('Its abilities', capabilitiesSchema),
  }),
  livez: createRoute({
    method: 'get',
    path: '/livez',
    tags: ['probes'],
    summary: 'Restart the process when this does not answer',
    responses: answers('The event loop turns', aliveSchema),
  }),
  readyz: createRoute({
    method: 'get',
    path: '/readyz',
    tags: ['probes'],
    summary: 'Send traffic only while this answers 200',
    responses: { ...answers('The database takes writes and the agent is not stopping', readySchema), ...problems(503) },
  }),
};

export function healthRoutes(app: OpenAPIHono<AppEnv>, health: Health): void {
  app.openapi(routes.health, (c) => reply(c, health.brief(), 200));
  app.openapi(routes.detailed, async (c) => reply(c, await health.detailed(), 200));
  app.openapi(routes.config, (c) => reply(c, health.config(), 200));
  app.openapi(routes.capabilities, (c) => reply(c, health.capabilities(), 200));
  app.openapi(routes.livez, (c) => reply(c, { status: 'alive' }, 200));
  app.openapi(routes.readyz, async (c) => {
    await health.assertReady();
    return reply(c, { status: 'ready' }, 200);
  });
}
