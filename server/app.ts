/** The agent as an application: which routes there are, and what every request goes through. It opens no socket. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Health } from './agent/health.ts';
import type { Workflows } from './agent/workflows/workflows.ts';
import { limitBody } from './routes/body-limit.ts';
import type { AppEnv } from './routes/context.ts';
import { answerError, answerInvalid, answerNotFound } from './routes/errors.ts';
import { gate, type GateParts } from './routes/gate.ts';
import { healthRoutes } from './routes/health.ts';
import { workflowRoutes } from './routes/workflows.ts';

export interface AppParts extends GateParts {
  readonly health: Health;
  readonly workflows: Workflows;
}

export function createApp(parts: AppParts): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: answerInvalid });
  app.onError(answerError(parts.log));
  app.use(gate(parts));
  app.use(limitBody);
  healthRoutes(app, parts.health);
  workflowRoutes(app, parts.workflows);
  app.notFound(answerNotFound(app.routes));
  return app;
}
