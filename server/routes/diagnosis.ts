/** What is wrong with an instance, and what to do about it. Both compute and change nothing. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { analysisSchema, defaultAnalysisOptions } from '../domain/analysis/analyse.ts';
import { sloSchema } from '../domain/analysis/slo.ts';
import { constraintsSchema } from '../domain/optimization/constraints.ts';
import { planSchema } from '../domain/optimization/plan.ts';
import type { Instances } from '../jobs/collection/instances.ts';
import type { Diagnosis } from '../jobs/diagnosis.ts';
import type { AppEnv } from './context.ts';
import { instanceIdSchema, limitedConfigSchema } from './instance-schemas.ts';
import { jsonContent } from './json-content.ts';
import { problems } from './problem.ts';
import { reply } from './reply.ts';

const tags = ['diagnosis'];

const analyseFields = {
  instance_id: instanceIdSchema,
  window_s: z
    .int()
    .min(10)
    .max(3_600)
    .default(defaultAnalysisOptions.windowS)
    .meta({ description: 'Seconds back from now' }),
  min_requests: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(defaultAnalysisOptions.minRequests)
    .meta({ description: 'With fewer in the window nothing is said about them' }),
  slos: z.array(sloSchema).max(20).optional().meta({ description: "Instead of the instance's own" }),
};

const analyseSchema = z.strictObject(analyseFields).openapi('Analyse');

const optimiseSchema = z
  .strictObject({
    ...analyseFields,
    current_config: limitedConfigSchema.optional(),
    constraints: constraintsSchema.optional(),
  })
  .openapi('Optimize');

const diagnosedSchema = z
  .object({ instance_id: z.string(), analysis: analysisSchema, plan: planSchema })
  .openapi('Diagnosed');

const routes = {
  analyse: createRoute({
    method: 'post',
    path: '/api/v1/analyze',
    tags,
    summary: 'Find bottlenecks, by stored snapshots',
    request: { body: { required: true, ...jsonContent(analyseSchema) } },
    responses: {
      200: { description: 'Findings with their evidence', ...jsonContent(analysisSchema) },
      ...problems(400, 404, 413, 415, 422, 502, 503, 504),
    },
  }),
  optimise: createRoute({
    method: 'post',
    path: '/api/v1/optimize',
    tags,
    summary: 'Find bottlenecks and plan what to change; nothing is changed',
    request: { body: { required: true, ...jsonContent(optimiseSchema) } },
    responses: {
      200: { description: 'The plan, and the analysis that it rests on', ...jsonContent(diagnosedSchema) },
      ...problems(400, 404, 413, 415, 422, 502, 503, 504),
    },
  }),
};

export interface DiagnosisRouteParts {
  readonly instances: Instances;
  readonly diagnosis: Diagnosis;
}

export function diagnosisRoutes(app: OpenAPIHono<AppEnv>, { instances, diagnosis }: DiagnosisRouteParts): void {
  app.openapi(routes.analyse, async (c) => {
    const { instance_id: id, window_s: windowS, min_requests: minRequests, slos } = c.req.valid('json');
    const analysis = await diagnosis.analyse({ instance: await instances.get(id), windowS, minRequests, slos });
    return reply(c, analysis, 200);
  });
  app.openapi(routes.optimise, async (c) => {
    const body = c.req.valid('json');
    const instance = await instances.get(body.instance_id);
    const { analysis, plan } = await diagnosis.plan({
      instance,
      windowS: body.window_s,
      minRequests: body.min_requests,
      slos: body.slos,
      config: body.current_config,
      constraints: body.constraints,
    });
    return reply(c, { instance_id: instance.id, analysis, plan }, 200);
  });
}
