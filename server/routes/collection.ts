/** Numbers of an instance: collected now, the latest, and its history. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Collector } from '../jobs/collection/collector.ts';
import type { Instance } from '../domain/instance.ts';
import type { Instances } from '../jobs/collection/instances.ts';
import { engineSchema, type Engine } from '../domain/engines/engine.ts';
import { snapshotSchema, type Snapshot } from '../domain/engines/snapshot.ts';
import { ProblemError } from '../domain/problem.ts';
import type { HistoryPages } from '../jobs/history-pages.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import type { AppEnv } from './context.ts';
import { instanceIdSchema, instanceParamsSchema } from './instance-schemas.ts';
import { jsonContent } from './json-content.ts';
import { limitSchema, nextLink, pageContent } from './paging.ts';
import { isoTime } from './iso-time.ts';
import { problems } from './problem.ts';
import { reply, replyWith } from './reply.ts';

export interface CollectionParts {
  readonly instances: Instances;
  readonly collector: Collector;
  readonly snapshots: SnapshotStore;
  readonly history: HistoryPages;
  readonly defaultTimeoutMs: number;
}

const tags = ['metrics'];
const historyPath = '/api/v1/history';

const collectSchema = z
  .strictObject({
    instance_id: instanceIdSchema,
    timeout_ms: z
      .int()
      .min(100)
      .max(30_000)
      .optional()
      .meta({ description: 'From the request to the last byte of the page' }),
  })
  .openapi('Collect');

const collectedSchema = z.object({ instance_id: z.string(), snapshot: snapshotSchema }).openapi('Collected');

const moment = z.iso.datetime({ offset: true, error: 'must be a moment like 2026-01-31T12:00:00Z' });

const historyQuerySchema = z.strictObject({
  from: moment.optional().meta({ description: 'An hour before `to` by default' }),
  to: moment.optional().meta({ description: 'Now by default' }),
  step: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 86_400, {
      error: 'must be an integer from 1 to 86400',
    })
    .transform(Number)
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: 86_400, description: 'Seconds; the last snapshot of each step' }),
  limit: limitSchema,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a cursor from a `Link` header' })
    .optional(),
});

const routes = {
  collect: createRoute({
    method: 'post',
    path: '/api/v1/collect/{engine}',
    tags,
    summary: "Read an instance's metrics page now",
    request: { params: z.object({ engine: engineSchema }), body: { required: true, ...jsonContent(collectSchema) } },
    responses: {
      200: { description: 'What it said', ...jsonContent(collectedSchema) },
      ...problems(400, 404, 413, 415, 422, 502, 503, 504),
    },
  }),
  latest: createRoute({
    method: 'get',
    path: '/api/v1/metrics/{engine}/{id}',
    tags,
    summary: 'The latest snapshot of an instance',
    request: { params: z.object({ engine: engineSchema, id: instanceIdSchema }) },
    responses: { 200: { description: 'The snapshot', ...jsonContent(collectedSchema) }, ...problems(404, 422) },
  }),
  history: createRoute({
    method: 'get',
    path: `${historyPath}/{id}`,
    tags,
    summary: 'Snapshots of an instance, oldest first',
    request: { params: instanceParamsSchema, query: historyQuerySchema },
    responses: {
      200: pageContent(snapshotSchema),
      ...problems(404, 422),
    },
  }),
};

export function collectionRoutes(app: OpenAPIHono<AppEnv>, parts: CollectionParts): void {
  const { instances, collector, snapshots, history, defaultTimeoutMs } = parts;
  app.openapi(routes.collect, async (c) => {
    const { instance_id: id, timeout_ms: timeoutMs = defaultTimeoutMs } = c.req.valid('json');
    const instance = ofEngine(await instances.get(id), c.req.valid('param').engine);
    return reply(c, { instance_id: id, snapshot: await collector.collect(instance, timeoutMs) }, 200);
  });
  app.openapi(routes.latest, async (c) => {
    const { engine, id } = c.req.valid('param');
    ofEngine(await instances.get(id), engine);
    const latest = await snapshots.latest({ instanceId: id, engine, toMs: Date.now() });
    if (latest === undefined)
      throw new ProblemError('no-data', `nothing has been collected from \`${id}\` as ${engine} yet`);
    const json = `{"instance_id":${JSON.stringify(id)},"snapshot":${latest.text}}`;
    return replyWith<z.output<typeof collectedSchema>, 200>(c, json, 200);
  });
  app.openapi(routes.history, async (c) => {
    const { id } = c.req.valid('param');
    const { step, limit, ...query } = c.req.valid('query');
    const range = rangeOf(query, id);
    const stepMs = step === undefined ? undefined : step * 1_000;
    const { snapshots: found, body, continuesAfterMs } = await history.page({ ...range, stepMs, limit });
    if (found === 0) await instances.get(id); // an instance that was removed keeps its history for a while
    const toMs = range.toMs;
    const link = continuesAfterMs === undefined ? undefined : linkAfter(continuesAfterMs, id, { step, limit, toMs });
    return replyWith<Snapshot[], 200>(c, body, 200, link);
  });
}

const hourMs = 3_600_000;

function rangeOf(
  { from, to, cursor }: Omit<z.output<typeof historyQuerySchema>, 'step' | 'limit'>,
  instanceId: string,
) {
  const toMs = to === undefined ? Date.now() : Date.parse(to);
  const fromMs = from === undefined ? toMs - hourMs : Date.parse(from);
  if (fromMs > toMs) throw new ProblemError('invalid-request', '`from` must not be after `to`');
  return { instanceId, toMs, fromMs: cursor === undefined ? fromMs : Math.max(fromMs, Number(cursor) + 1) };
}

interface Pages {
  readonly step: number | undefined;
  readonly limit: number;
  readonly toMs: number;
}

/** The range's end is written out, so that a page does not move while time goes on. */
function linkAfter(atMs: number, id: string, { step, limit, toMs }: Pages) {
  const range = { from: isoTime(atMs), to: isoTime(toMs), cursor: String(atMs) };
  const query = new URLSearchParams({ limit: String(limit), ...range });
  if (step !== undefined) query.set('step', String(step));
  return nextLink(`${historyPath}/${encodeURIComponent(id)}`, query);
}

/** An instance is asked for under its engine; under another one there is a mistake in the request. */
function ofEngine(instance: Instance, engine: Engine): Instance {
  if (instance.engine === engine) return instance;
  throw new ProblemError('wrong-engine', `\`${instance.id}\` is registered as ${instance.engine}, not as ${engine}`);
}
