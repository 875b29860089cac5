/** The agent as an application: which routes there are, and what every request goes through. It opens no socket. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Health } from './jobs/health.ts';
import { limitBody } from './routes/body-limit.ts';
import { collectionRoutes, type CollectionParts } from './routes/collection.ts';
import type { AppEnv } from './routes/context.ts';
import { answerError, answerInvalid, answerNotFound } from './routes/errors.ts';
import { diagnosisRoutes, type DiagnosisRouteParts } from './routes/diagnosis.ts';
import { eventRoutes, type EventRouteParts } from './routes/events.ts';
import { gate, type GateParts } from './routes/gate.ts';
import { healthRoutes } from './routes/health.ts';
import { instanceRoutes } from './routes/instances.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { pageRoutes, type PageParts } from './routes/page.ts';
import { ownMetricsRoute } from './routes/own-metrics.ts';
import { workflowRoutes } from './routes/workflows.ts';

export interface AppParts extends GateParts, CollectionParts, DiagnosisRouteParts, EventRouteParts, PageParts {
  readonly health: Health;
}

export function createApp(parts: AppParts): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: answerInvalid });
  app.onError(answerError(parts.log));
  app.use(gate(parts));
  app.use(limitBody);
  healthRoutes(app, parts.health);
  instanceRoutes(app, parts.instances);
  collectionRoutes(app, parts);
  diagnosisRoutes(app, parts);
  workflowRoutes(app, parts.workflows);
  eventRoutes(app, parts);
  ownMetricsRoute(app, parts.telemetry);
  openApiRoutes(app);
  pageRoutes(app, parts);
  app.notFound(answerNotFound(app.routes));
  return app;
}
