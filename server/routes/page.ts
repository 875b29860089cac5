/**
 * The page at `/` and the two forms on it. A form changes what its route in the interface changes, by the same calls; what
 * keeps another site's page from sending it is the gate.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { defaultAnalysisOptions } from '../domain/analysis/analyse.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import { ProblemError } from '../domain/problem.ts';
import { finalStatuses, runningStatuses, waitingStatuses, type WorkflowStatus } from '../domain/workflows/states.ts';
import type { Workflow, Verdict } from '../domain/workflows/workflow.ts';
import type { Instances } from '../jobs/collection/instances.ts';
import type { Diagnosis } from '../jobs/diagnosis.ts';
import type { Health } from '../jobs/health.ts';
import type { Workflows } from '../jobs/workflows/workflows.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import type { AppContext, AppEnv } from './context.ts';
import { htmlHeaders } from './html-page.ts';
import { instanceIdSchema } from './instance-schemas.ts';
import { pageStyle, statusPage, troublePage, type ShownInstance } from './page-view.ts';
import { describeProblem, problemOf } from './problem.ts';
import { commonHeaders } from './reply.ts';
import { decisionSchema, idempotencySchema } from './workflow-schemas.ts';

export interface PageParts {
  readonly instances: Instances;
  readonly snapshots: SnapshotStore;
  readonly diagnosis: Diagnosis;
  readonly workflows: Workflows;
  readonly health: Health;
}

/** A page is for eyes; what is beyond has a link, or the interface. */
const instancesShown = 20;
const waitingShown = 20;
const runningShown = 25;
const otherShown = 25;

/** Neither at work nor waiting for a person. */
const otherStatuses = ['queued', ...finalStatuses] as const;

const pageHeaders = htmlHeaders(pageStyle, 'self');

export function pageRoutes(app: OpenAPIHono<AppEnv>, parts: PageParts): void {
  app.get('/', async (c) => page(c, await statusPage(await contentOf(c, parts)), 200));
  for (const [verb, verdict] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const)
    app.post(`/workflows/:id/${verb}`, (c) => decide(c, parts.workflows, verdict));
}

function page(c: AppContext, text: string, status: number): Response {
  const headers = {
    ...pageHeaders(c),
    // Not `no-referrer`: a browser would send the forms with `Origin: null` (Fetch standard, "append a request `Origin`
    // header"), which the gate refuses as it should.
    'referrer-policy': 'same-origin',
  };
  return new Response(text, { status, headers });
}

async function contentOf(c: AppContext, parts: PageParts) {
  const { workflows, health } = parts;
  const after = afterOf(c.req.query('after'));
  const found = await parts.instances.list(after, instancesShown + 1);
  const instances: ShownInstance[] = [];
  for (const instance of found.slice(0, instancesShown)) {
    instances.push(await shownInstance(instance, parts));
    await nextTurn(); // others have their turn between two analyses
  }
  const last = found.length > instancesShown ? instances.at(-1)?.instance.id : undefined;
  const undecided = await newest(workflows, waitingStatuses, waitingShown + 1);
  const running = await newest(workflows, runningStatuses, runningShown);
  const others = await newest(workflows, otherStatuses, otherShown);
  const { agent_id: agentId, version, timestamp } = health.brief();
  return {
    agentId,
    version,
    nowMs: Date.parse(timestamp),
    caller: c.var.caller,
    mayDecide: c.var.scopes.has('approve'),
    instances,
    nextInstances: last && `/?after=${encodeURIComponent(last)}#instances`,
    waiting: await whole(workflows, undecided.slice(0, waitingShown)),
    moreWaiting: undecided.length > waitingShown,
    recent: await whole(workflows, [...running, ...others]),
  };
}

/** Each state by itself: however many there are of one, they hide no other. */
async function newest(workflows: Workflows, statuses: readonly WorkflowStatus[], limit: number) {
  const found = await Promise.all(statuses.map((status) => workflows.list({ status }, limit)));
  return found
    .flat()
    .sort((a, b) => b.createdAtMs - a.createdAtMs)
    .slice(0, limit);
}

/** Any text may stand in an address; one that is no id comes before all ids. */
function afterOf(given: string | undefined): string {
  return instanceIdSchema.safeParse(given).data ?? '';
}

/** By what is stored: to look at a page makes no engine work. */
async function shownInstance(instance: ShownInstance['instance'], parts: PageParts): Promise<ShownInstance> {
  const { windowS, minRequests } = defaultAnalysisOptions;
  const analysis = await parts.diagnosis.analyse({ instance, windowS, minRequests, collect: false });
  const latest = await parts.snapshots.latest({ instanceId: instance.id, engine: instance.engine, toMs: Date.now() });
  return { instance, analysis, latest: latest && (JSON.parse(latest.text) as Snapshot) };
}

/** One that was forgotten meanwhile is left out. */
async function whole(workflows: Workflows, summaries: readonly { readonly id: string }[]): Promise<Workflow[]> {
  const found = await Promise.all(
    summaries.map(({ id }) =>
      workflows.get(id).catch((error: unknown) => {
        if (error instanceof ProblemError && error.kind === 'not-found') return [];
        throw error;
      }),
    ),
  );
  return found.flat();
}

/** Back to the page, or a page that says why not. Problems of the gate come before, as problem documents. */
async function decide(c: AppContext, workflows: Workflows, verdict: Verdict): Promise<Response> {
  try {
    const { reason, key, seen } = await formOf(c);
    const who = { by: c.var.caller, ...(reason !== undefined && { reason }), ...(key !== undefined && { key }) };
    await workflows.decide(c.req.param('id') ?? '', verdict, who, seen);
    return new Response(null, { status: 303, headers: { ...commonHeaders(c), location: '/' } });
  } catch (error) {
    const problem = error instanceof Error ? problemOf(error) : undefined;
    if (problem === undefined) throw error;
    const { status, title } = describeProblem(problem, { path: c.req.path, requestId: c.var.requestId });
    return page(c, await troublePage({ title, detail: problem.detail }), status);
  }
}

interface Form {
  readonly reason: string | undefined;
  readonly key: string | undefined;
  /** The version of the workflow that stood on the page; a form made by hand may leave it out. */
  readonly seen: number | undefined;
}

async function formOf(c: AppContext): Promise<Form> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type))
    throw new ProblemError('invalid-request', 'send the form of the page (`application/x-www-form-urlencoded`)');
  const form = new URLSearchParams(await c.req.text());
  const reason = decisionSchema.safeParse(form.get('reason') ? { reason: form.get('reason') } : {});
  const key = idempotencySchema.safeParse(form.get('key') ? { 'idempotency-key': form.get('key') } : {});
  if (!reason.success) throw new ProblemError('invalid-request', `the reason ${firstOf(reason.error)}`);
  if (!key.success) throw new ProblemError('invalid-request', `the key ${firstOf(key.error)}`);
  const seen = form.get('seen') ?? undefined;
  if (seen !== undefined && !/^\d{1,9}$/.test(seen))
    throw new ProblemError('invalid-request', '`seen` must be the version of the workflow that the page showed');
  return {
    reason: reason.data.reason,
    key: key.data['idempotency-key'],
    seen: seen === undefined ? undefined : Number(seen),
  };
}

const firstOf = (error: { readonly issues: readonly { readonly message: string }[] }): string =>
  error.issues[0]?.message ?? 'is not what was expected';
