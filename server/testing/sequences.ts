/**
 * Anything that can be done with workflows, in any order: requests made from the interface's own document, steps of the
 * runner, engines and deployers in every mood, agents that are stopped or lost. After each, everything that is stored is
 * held to the rules of the machine.
 */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { decisions } from '../domain/workflows/decisions.ts';
import { isFinal, mayFollow } from '../domain/workflows/states.ts';
import { verdicts, type Verdict, type Workflow } from '../domain/workflows/workflow.ts';
import { deployerMoods, engineMoods, StagedAgent } from './staged-agent.ts';
import { allowedBy, forbiddenBy, type Components, type Schema } from './schema-arbitrary.ts';

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Components };
}

const collection = '/api/v1/workflows';
const instances = ['a', 'b'] as const;
type InstanceId = (typeof instances)[number];
const pageUrl = 'http://127.0.0.1:9/metrics';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly template: string;
  readonly body?: unknown;
  readonly key?: string | undefined;
}

/** A world with one agent, and what must stay true of it. */
class World {
  readonly agent: StagedAgent;
  readonly #document: Document;
  /** Workflows that are over, as they were when that was seen first. */
  readonly #over = new Map<string, string>();
  /** Each workflow as it was at the last check. */
  readonly #seen = new Map<string, string>();
  /** Workflows of which it is written that the deployer may have been told. */
  readonly #told = new Set<string>();
  /** The changes that somebody approved, by workflow. */
  readonly approved = new Map<string, string>();
  readonly ids: string[] = [];

  constructor(agent: StagedAgent, document: Document) {
    this.agent = agent;
    this.#document = document;
  }

  /** Asks as a client does, and holds the answer to the document. */
  async ask({ method, path, template, body, key }: Asked): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await this.agent.app.request(path, { method, headers, ...content }, {});
    const text = await response.text();
    const { responses } = this.#document.paths[template]?.[method.toLowerCase()] ?? { responses: {} };
    const said = `${method} ${path} ${JSON.stringify(body)} → ${response.status} ${text}`;
    expect(Object.keys(responses), said).toContain(String(response.status));
    expect(response.status, said).toBeLessThan(500);
    if (response.status >= 400) expect(response.headers.get('content-type')).toBe('application/problem+json');
    return { status: response.status, text };
  }

  async read(id: string): Promise<Workflow> {
    const workflow = await this.agent.store.find(id);
    if (workflow === undefined) throw new Error(`there is no workflow ${id}`);
    return workflow;
  }

  /** Whatever was done, this holds. */
  async check(): Promise<void> {
    for (const id of this.ids) await this.#checkWorkflow(await this.read(id));
    this.#checkRollouts();
  }

  async #checkWorkflow(workflow: Workflow): Promise<void> {
    const { id, status, version, progress } = workflow;
    const form = JSON.stringify(workflow);
    if (form === this.#seen.get(id)) return;
    this.#seen.set(id, form);
    if ((progress.told ?? []).length > 0) this.#told.add(id);
    const events = await this.agent.store.events(id, 0, 1_000);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: version - 1 }, (_, n) => n + 2));
    const path = ['queued' as const, ...events.map((event) => event.status)];
    expect(path.at(-1)).toBe(status);
    path.forEach((to, at) => {
      const from = path[at - 1];
      if (from !== undefined) expect(mayFollow(from, to), `${from} → ${to}`).toBe(true);
    });
    expect(progress.phase !== undefined, `a phase while ${status}`).toBe(status === 'observing');
    if (!isFinal(status)) return;
    expect(this.#over.get(id) ?? form, 'what is over stays as it is').toBe(form);
    this.#over.set(id, form);
    this.#checkEnd(workflow);
  }

  /** What the deployer was told fits how the workflow ended. */
  #checkEnd({ id, status, mode, settings }: Workflow): void {
    const told = this.#toldOf(id);
    if (mode === 'dry_run') expect(told).toEqual([]);
    else if (status === 'completed') expect(told).toEqual(settings.stages.map((stage) => `${id}:apply:${stage}`));
    else if (status === 'rolled_back') expect(told.length === 0 || told.at(-1) === `${id}:rollback:0`).toBe(true);
    else if (status !== 'failed') expect(told, status).toEqual([]);
  }

  /** The messages for a workflow, each once. */
  #toldOf(id: string): string[] {
    const mine = this.agent.around.rollouts.filter(({ workflow_id: of }) => of === id);
    return [...new Set(mine.map(({ idempotency_key: key }) => key))];
  }

  #checkRollouts(): void {
    const contents = new Map<string, string>();
    const takenBack = new Set<string>();
    for (const rollout of this.agent.around.rollouts) {
      const { idempotency_key: key, workflow_id: id, action, changes } = rollout;
      const content = JSON.stringify(rollout);
      expect(contents.get(key) ?? content, 'one key, one message').toBe(content);
      contents.set(key, content);
      if (action === 'apply') {
        expect(takenBack.has(id), 'nothing is applied after it was taken back').toBe(false);
        const allowed = this.approved.get(id);
        if (allowed !== undefined) expect(JSON.stringify(changes), 'what was approved is applied').toBe(allowed);
        expect(this.#told.has(id), 'that somebody is told is written before').toBe(true);
      } else {
        // An agent that was interrupted between the writing and the telling can't know which of both it had done.
        expect(this.#told.has(id), 'only what somebody may have been told of is taken back').toBe(true);
        takenBack.add(id);
      }
    }
  }
}

/** Nothing need be known beforehand: each command looks at what there is. */
type Model = Record<string, never>;

class Command implements fc.AsyncCommand<Model, World> {
  readonly #words: string;
  readonly #act: (world: World) => Promise<unknown>;

  constructor(words: string, act: (world: World) => Promise<unknown>) {
    this.#words = words;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_: Model, world: World): Promise<void> {
    await this.#act(world);
    await world.check();
  }

  toString(): string {
    return this.#words;
  }
}

/** What can be done, as the document has it. */
function anyCommand(document: Document): fc.Arbitrary<Command> {
  const nth = fc.nat({ max: 5 });
  const instance = fc.constantFrom(...instances);
  const moods = fc.oneof(
    fc
      .constantFrom(...engineMoods)
      .map((mood) => new Command(`the engine ${mood}`, async ({ agent }) => (agent.around.engine = mood))),
    fc
      .constantFrom(...deployerMoods)
      .map((mood) => new Command(`the deployer ${mood}`, async ({ agent }) => (agent.around.deployer = mood))),
  );
  const steps = fc
    .integer({ min: 1, max: 12 })
    .map((count) => new Command(`${count} steps`, (world) => advance(world, count)));
  const life = fc.constantFrom(
    new Command('the agent restarts', ({ agent }) => agent.restart()),
    new Command('the agent is lost with a step', ({ agent }) => agent.loseStep()),
  );
  const clock = fc
    .constantFrom(-5, 5)
    .map((hours) => new Command(`the clock is set by ${hours} h`, async ({ agent }) => agent.around.time.stepClock(hours * 3_600_000))); // prettier-ignore
  const decision = fc
    .tuple(fc.constantFrom(...verdicts), nth, fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined }))
    .map(([verdict, at, key]) => new Command(`${decisions[verdict].verb} ${at} ${key ?? ''}`, (world) => decide(world, verdict, { at, key }))); // prettier-ignore
  const registration = fc
    .tuple(instance, fc.boolean())
    .map(([id, isThere]) => new Command(`${isThere ? 'register' : 'delete'} ${id}`, (world) => register(world, id, isThere))); // prettier-ignore
  const reading = nth.map((at) => new Command(`read ${at}`, (world) => readAll(world, at)));
  return fc.oneof(
    { weight: 6, arbitrary: steps },
    { weight: 3, arbitrary: creation(document, instance) },
    { weight: 5, arbitrary: decision },
    { weight: 2, arbitrary: moods },
    { weight: 1, arbitrary: registration },
    { weight: 1, arbitrary: reading },
    { weight: 1, arbitrary: life },
    { weight: 1, arbitrary: clock },
  );
}

/** Mostly what is accepted, in the spirit of the document; sometimes what it allows word by word, or forbids. */
function creation(document: Document, instance: fc.Arbitrary<InstanceId>): fc.Arbitrary<Command> {
  const schema = document.paths[collection]?.['post']?.requestBody?.content['application/json']?.schema ?? {};
  const { schemas } = document.components;
  const stages = fc.constantFrom([100], [10, 100], [10, 50, 100]);
  const sound = fc
    .tuple(allowedBy(schema, schemas), instance, stages, fc.constantFrom('webhook', 'webhook', 'dry_run'), fc.boolean())
    .map(([body, id, share, mode, approval]) => ({ ...(body as object), instance_id: id, stages: share, mode, require_approval: approval, guard: {} })); // prettier-ignore
  const body = fc.oneof(
    { weight: 8, arbitrary: sound },
    { weight: 1, arbitrary: allowedBy(schema, schemas) },
    { weight: 1, arbitrary: forbiddenBy(schema, schemas) },
  );
  const key = fc.option(fc.constantFrom('c1', 'c2'), { nil: undefined });
  return fc
    .tuple(body, key)
    .map(([asked, given]) => new Command(`create ${JSON.stringify(asked)} ${given ?? ''}`, (world) => create(world, asked, given))); // prettier-ignore
}

async function advance({ agent }: World, count: number): Promise<void> {
  for (let left = count; left > 0; left--) if (!(await agent.advance())) return;
}

async function create(world: World, body: unknown, key: string | undefined): Promise<void> {
  const asked = { method: 'POST', path: collection, template: collection, body, key };
  const { status, text } = await world.ask(asked);
  if (status !== 202) return;
  const { id } = JSON.parse(text) as { id: string };
  const again = world.ids.includes(id);
  expect(again ? key : undefined, 'only a repeated request finds what is there').toBe(again ? key : undefined);
  if (!again) world.ids.push(id);
  if (key === undefined) return;
  const repeated = JSON.parse((await world.ask(asked)).text) as { id: string };
  expect(repeated.id, 'the same request again').toBe(id);
}

async function decide(world: World, verdict: Verdict, { at, key }: { at: number; key: string | undefined }) {
  const { verb, to } = decisions[verdict];
  const template = `${collection}/{id}/${verb}`;
  const id = world.ids[at % Math.max(1, world.ids.length)];
  if (id === undefined) {
    const nobody = await world.ask({ method: 'POST', path: `${collection}/nobody/${verb}`, template, body: {} });
    expect(nobody.status).toBe(404);
    return;
  }
  const before = await world.read(id);
  const taken = before.progress.decisions ?? [];
  const isRepeated = key !== undefined && taken.some((one) => one.key === key && one.verdict === verdict);
  const path = `${collection}/${id}/${verb}`;
  const { status } = await world.ask({ method: 'POST', path, template, body: {}, key });
  const isAllowed = isRepeated || to[before.status] !== undefined;
  expect(status, `${verb} while ${before.status}`).toBe(isAllowed ? 200 : 409);
  if (!isAllowed || isRepeated) expect(await world.read(id)).toEqual(before);
  else if (verdict === 'approved') world.approved.set(id, JSON.stringify(before.progress.changes));
}

async function register(world: World, id: InstanceId, isThere: boolean): Promise<void> {
  const template = '/api/v1/instances/{id}';
  const path = `/api/v1/instances/${id}`;
  const body = { engine: 'vllm', metrics_url: pageUrl };
  if (isThere) await world.ask({ method: 'PUT', path, template, body });
  else await world.ask({ method: 'DELETE', path, template });
}

/** The list has each workflow once, newest first; the events of one go on after any of them. */
async function readAll(world: World, at: number): Promise<void> {
  const listed = await world.ask({ method: 'GET', path: `${collection}?limit=200`, template: collection });
  const ids = (JSON.parse(listed.text) as { id: string }[]).map(({ id }) => id);
  expect(ids).toEqual([...world.ids].sort().reverse());
  const id = world.ids[at % Math.max(1, world.ids.length)];
  if (id === undefined) return;
  const { version } = await world.read(id);
  await world.ask({ method: 'GET', path: `${collection}/${id}`, template: `${collection}/{id}` });
  const after = at % (version + 1);
  const headers = { 'last-event-id': String(after) };
  const stream = await world.agent.app.request(`${collection}/${id}/events`, { headers }, {});
  const heard = await hear(stream, version - after);
  expect(heard).toEqual(Array.from({ length: version - after }, (_, n) => after + n + 1));
}

/** The numbers of the next `count` events. */
async function hear({ body }: Response, count: number): Promise<number[]> {
  const reader = body?.getReader();
  let text = '';
  const numbers = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
  try {
    while (numbers().length < count) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) break;
      text += Buffer.from(chunk.value as Uint8Array).toString();
    }
    return numbers();
  } finally {
    await reader?.cancel();
  }
}

/** More steps than any workflow has to its end. */
const stepsToRest = 400;

interface Run {
  readonly settings?: () => Promise<Record<string, string>>;
  readonly runs: number;
  readonly length: number;
}

/** Plays so many sequences, each with an agent of its own. */
export async function playSequences({ settings = async () => ({}), runs, length }: Run): Promise<void> {
  const first = await StagedAgent.start(await settings());
  const document = (await (await first.app.request('/openapi.json', {}, {})).json()) as Document;
  await first.stop();
  const sequences = fc.commands([anyCommand(document)], { maxCommands: length, size: 'max' });
  const property = fc.asyncProperty(sequences, async (commands) => {
    const agent = await StagedAgent.start(await settings());
    try {
      const world = new World(agent, document);
      for (const id of instances) await register(world, id, true);
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      // In the end everything is over, or waits for a person or an instance: nothing is stuck.
      for (let steps = 0; await agent.advance(); steps++) expect(steps).toBeLessThan(stepsToRest);
      await world.check();
    } finally {
      await agent.stop();
    }
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true });
}
