/** The agent as an application: which routes there are, and what every request goes through. It opens no socket. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import type { Health } from './agent/health.ts';
import type { Workflows } from './agent/workflows.ts';
import type { AppEnv } from './routes/context.ts';
import { limitBody } from './routes/body-limit.ts';
import { answerError, answerInvalid, answerNotFound } from './routes/errors.ts';
import { healthRoutes } from './routes/health.ts';
import { requestIds } from './routes/request-id.ts';
import { workflowRoutes } from './routes/workflows.ts';

export interface AppParts {
  readonly health: Health;
  readonly workflows: Workflows;
  readonly log: Logger;
}

export function createApp({ health, workflows, log }: AppParts): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: answerInvalid });
  app.onError(answerError(log));
  app.use(requestIds());
  app.use(limitBody);
  healthRoutes(app, health);
  workflowRoutes(app, workflows);
  app.notFound(answerNotFound(app.routes));
  return app;
}
