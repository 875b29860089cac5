/**
 * A workflow's life as server-sent events (the HTML standard, section 9.2): what has been, then what comes, until it is
 * over. A client that lost its connection says `Last-Event-ID` and misses nothing.
 */
import { setMaxListeners } from 'node:events';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { isFinal } from '../domain/workflows/states.ts';
import type { Workflow, WorkflowEvent } from '../domain/workflows/workflow.ts';
import type { Workflows } from '../jobs/workflows/workflows.ts';
import { ProblemError } from '../domain/problem.ts';
import { clientOf } from './client.ts';
import type { AppEnv } from './context.ts';
import { problems } from './problem.ts';
import { commonHeaders } from './reply.ts';
import { StreamPlaces } from './stream-places.ts';
import { workflowParamsSchema } from './workflow-schemas.ts';

/** Changes made by another agent are not told to this process; the store is asked this often. */
const askMs = 1_000;
/** A comment in between, so that a proxy does not take a long approval for a dead connection. */
const aliveMs = 15_000;
/** How long a client should wait before it comes again. */
const retryMs = 2_000;
const eventsPerRead = 100;

const route = createRoute({
  method: 'get',
  path: '/api/v1/workflows/{id}/events',
  tags: ['workflows'],
  summary: 'Follow a workflow',
  request: {
    params: workflowParamsSchema,
    headers: z.object({
      'last-event-id': z
        .string()
        .regex(/^\d{1,9}$/, { error: 'must be the id of an event' })
        .optional()
        .meta({ description: 'Only what came after this event' }),
    }),
  },
  responses: {
    200: {
      description: 'An event for each state it enters; the stream ends with the last one',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    204: { description: 'It is over, and the client has its last event: an `EventSource` does not come again' },
    ...problems(404, 422, 429),
  },
});

export interface EventRouteParts {
  readonly workflows: Workflows;
  /** Ends all streams: a stopping agent would otherwise wait for those who only listen. */
  readonly closing: AbortSignal;
  /** How many may be open by one key; without keys, by one address. */
  readonly streamsPerKey: number;
}

export function eventRoutes(app: OpenAPIHono<AppEnv>, { workflows, closing, streamsPerKey }: EventRouteParts): void {
  const places = new StreamPlaces(streamsPerKey);
  setMaxListeners(0, closing); // one for each stream that is open: beyond ten, Node would warn of a leak
  app.openapi(route, async (c) => {
    const workflow = await workflows.get(c.req.valid('param').id);
    // Nobody has an event that is still to come, whatever he says.
    const after = Math.min(Number(c.req.valid('header')['last-event-id'] ?? 0), workflow.version);
    if (isFinal(workflow.status) && after === workflow.version)
      return new Response(null, { status: 204, headers: { 'x-request-id': c.var.requestId } });
    const headers = { ...commonHeaders(c), 'content-type': 'text/event-stream; charset=utf-8' };
    // Nobody would ever read, or end, the stream of an answer that has no body.
    if (c.req.method === 'HEAD') return new Response(null, { headers });
    const release = places.take(clientOf(c));
    if (release === undefined) {
      throw new ProblemError('too-many-streams', `${streamsPerKey} event streams may be open at a time; end one first`);
    }
    // The route's own type has the text that the stream carries.
    return new Response(streamOf(new Follower({ workflows, workflow, after, closing, release })), { headers });
  });
}

function streamOf(follower: Follower): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => follower.start(controller),
    cancel: () => follower.stop(),
  });
}

interface FollowerParts {
  readonly workflows: Workflows;
  readonly workflow: Workflow;
  /** The last event that the client has. */
  readonly after: number;
  readonly closing: AbortSignal;
  /** Called when it is over, at least once. */
  readonly release: () => void;
}

/** One client that listens. */
class Follower {
  readonly #workflows: Workflows;
  readonly #workflow: Workflow;
  readonly #encoder = new TextEncoder();
  readonly #closing: AbortSignal;
  readonly #release: () => void;
  readonly #end = () => this.#finish();
  #seen: number;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #timers: NodeJS.Timeout[] = [];
  #unfollow: () => void = () => undefined;
  /** Reads come one after the other. Whoever asks for the next one shares it: behind a slow store there is no queue of them. */
  #reading: Promise<void> = Promise.resolve();
  #isNextDue = false;

  constructor({ workflows, workflow, after, closing, release }: FollowerParts) {
    this.#workflows = workflows;
    this.#workflow = workflow;
    this.#seen = after;
    this.#closing = closing;
    this.#release = release;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    this.#closing.addEventListener('abort', this.#end, { once: true });
    this.#write(`retry: ${retryMs}\n\n`);
    this.#unfollow = this.#workflows.follow(this.#workflow.id, () => this.#readOn());
    this.#timers = [setInterval(() => this.#readOn(), askMs), setInterval(() => this.#write(': alive\n\n'), aliveMs)];
    this.#readOn();
  }

  stop(): void {
    this.#controller = undefined;
    this.#release();
    this.#closing.removeEventListener('abort', this.#end);
    this.#unfollow();
    for (const timer of this.#timers) clearInterval(timer);
  }

  #readOn(): void {
    if (this.#isNextDue) return;
    this.#isNextDue = true;
    this.#reading = this.#reading.then(() => this.#read());
  }

  async #read(): Promise<void> {
    this.#isNextDue = false;
    if (this.#controller === undefined) return;
    try {
      const events = await this.#workflows.events(this.#workflow, this.#seen, eventsPerRead);
      for (const event of events) this.#tell(event);
    } catch {
      // The store does not answer: the next question comes in a moment, and a client that gives up says where it was.
    }
  }

  #tell(event: WorkflowEvent): void {
    const { seq, atMs, status, reason } = event;
    const data = { workflow_id: this.#workflow.id, status, at: new Date(atMs).toISOString(), reason };
    this.#write(`id: ${seq}\nevent: ${status}\ndata: ${JSON.stringify(data)}\n\n`);
    this.#seen = seq;
    if (isFinal(status)) this.#finish();
  }

  #finish(): void {
    this.#controller?.close();
    this.stop();
  }

  #write(text: string): void {
    this.#controller?.enqueue(this.#encoder.encode(text));
  }
}
