/**
 * A fake engine on a port: `GET /metrics` and OpenAI's API (`/v1/chat/completions`) as the engine would, `POST /rollout` as
 * its deployer would, and `/control` for whoever directs the play. It listens on loopback unless told otherwise and has no keys: never put it on a network.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { answerMetrics } from './answer-metrics.ts';
import { ChatDesk } from './chat-desk.ts';
import { FakeEngine } from './engine.ts';
import { chatFaultSchema, faultSchema, type ChatFault, type Fault } from './faults.ts';
import { describeIssues, resolveOptions, type FakeEngineOptions, type ResolvedOptions } from './options.ts';
import { changedFlags, rolloutProblems, rolloutSchema } from './rollout.ts';
import { scenarioNames, type ScenarioName } from './scenarios.ts';
import { signatureProblem } from './signature.ts';

export interface RunningFakeEngine {
  readonly port: number;
  /** `http://127.0.0.1:9101` */
  readonly url: string;
  readonly metricsUrl: string;
  readonly rolloutUrl: string;
  readonly engine: FakeEngine;
  /** How often the page was asked for. */
  readonly scrapes: () => number;
  /** From now on, or for the next `times` pages; `undefined` ends it. */
  readonly setFault: (fault: Fault | undefined, times?: number) => void;
  /** From the next streamed answer on; `undefined` ends it. */
  readonly setChatFault: (fault: ChatFault | undefined) => void;
  readonly setScenario: (scenario: ScenarioName) => void;
  /** Closes the port and cuts what is open. */
  readonly stop: () => Promise<void>;
}

interface FakeEngineDeps {
  readonly nowMs?: () => number;
}

/** Resolves when the port is open. Throws `FakeEngineOptionsError`, or rejects with Node's error when the port is taken. */
export async function startFakeEngine(
  options: FakeEngineOptions = {},
  { nowMs = Date.now }: FakeEngineDeps = {},
): Promise<RunningFakeEngine> {
  const resolved = resolveOptions(options);
  const stage = new Stage(resolved, nowMs);
  const server = createServer((request, response) => void stage.answer(request, response));
  server.listen(resolved.port, resolved.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${resolved.host.includes(':') ? `[${resolved.host}]` : resolved.host}:${port}`;
  return {
    port,
    url,
    metricsUrl: `${url}/metrics`,
    rolloutUrl: `${url}/rollout`,
    engine: stage.engine,
    scrapes: () => stage.scrapes,
    setFault: (fault, times) => stage.setFault(fault, times),
    setChatFault: (fault) => stage.chat.setFault(fault),
    setScenario: (scenario) => stage.engine.change(scenario),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const maxBodyBytes = 65_536;
/** Rollouts remembered by their key, so that the same message sent again changes nothing. */
const maxRemembered = 1_000;

const controlSchema = z.strictObject({
  scenario: z.enum(scenarioNames).optional(),
  fault: faultSchema.nullable().optional(),
  times: z.int().min(1).optional(),
  chat_fault: chatFaultSchema.nullable().optional(),
});

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

class Stage {
  readonly #options: ResolvedOptions;
  readonly #nowMs: () => number;
  readonly engine: FakeEngine;
  readonly chat: ChatDesk;
  scrapes = 0;
  #fault: Fault | undefined;
  #faultsLeft = Infinity;
  readonly #done = new Map<string, Reply>();

  constructor(options: ResolvedOptions, nowMs: () => number) {
    const { engine, scenario, seed, model, speed, warm_up_s: warmUpS, restart_ms: restartMs, fault } = options;
    this.#options = options;
    this.#nowMs = nowMs;
    this.#fault = fault;
    this.engine = new FakeEngine({ engine, scenario, seed, model, speed, warmUpS, restartMs, nowMs });
    this.chat = new ChatDesk({ engine: this.engine, model, nowMs });
  }

  setFault(fault: Fault | undefined, times = Infinity): void {
    this.#fault = fault;
    this.#faultsLeft = times;
  }

  /** Never rejects: what goes wrong is an answer. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    try {
      // Its deployer and whoever directs the play are still there.
      if (this.engine.isAway && path !== '/rollout' && path !== '/control') {
        request.destroy();
        return;
      }
      if (path === '/metrics' && request.method === 'GET') {
        this.#metrics(response);
        return;
      }
      const route = `${request.method} ${path}`;
      const kind = this.chat.kindOf(route);
      if (kind !== undefined) await this.chat.answer(kind, await bodyOf(request), response);
      else reply(response, await this.#route(route, request));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else reply(response, { status: 500, body: { error: error instanceof Error ? error.message : String(error) } });
    }
  }

  async #route(route: string, request: IncomingMessage): Promise<Reply> {
    switch (route) {
      case 'GET /health':
        return { status: 200, body: { status: 'ok' } };
      case 'GET /v1/models':
        return { status: 200, body: this.chat.models() };
      case 'GET /control':
        return { status: 200, body: this.#state() };
      case 'PUT /control':
        return this.#control(await bodyOf(request));
      case 'POST /rollout':
        return this.#rollout(await bytesOf(request), String(request.headers['x-playload-signature'] ?? ''));
      default:
        return refuse(404, [
          `\`${route}\` is not here; try GET /metrics, POST /v1/chat/completions, POST /v1/completions, GET /v1/models, GET or PUT /control, POST /rollout, GET /health`,
        ]);
    }
  }

  #metrics(response: ServerResponse): void {
    this.scrapes += 1;
    const fault = this.#fault;
    this.#faultsLeft -= 1;
    if (this.#faultsLeft <= 0) this.setFault(undefined);
    answerMetrics(response, this.engine, fault);
  }

  #state() {
    const { engine, scenario, flags, stage } = this.engineState();
    return {
      engine,
      scenario,
      stage,
      flags,
      levels: this.engine.levels(),
      fault: this.#fault ?? null,
      chat_fault: this.chat.fault ?? null,
      scrapes: this.scrapes,
    };
  }

  engineState() {
    const { scenario, flags, stage } = this.engine;
    return { engine: this.#options.engine, scenario, flags, stage };
  }

  #control(body: string | undefined): Reply {
    const parsed = controlSchema.safeParse(json(body));
    if (!parsed.success) return refuse(422, describeIssues(parsed.error));
    const { scenario, fault, times, chat_fault: chatFault } = parsed.data;
    if (scenario !== undefined) this.engine.change(scenario);
    if (fault !== undefined) this.setFault(fault ?? undefined, times);
    if (chatFault !== undefined) this.chat.setFault(chatFault ?? undefined);
    return { status: 200, body: this.#state() };
  }

  #rollout(body: Buffer | undefined, signature: string): Reply {
    const { secret, engine } = this.#options;
    if (body === undefined) return refuse(413, [`the body must be at most ${maxBodyBytes} bytes`]);
    if (secret === undefined) return refuse(403, ['no secret is set, so no rollout can be trusted']);
    const problem = signatureProblem({ secret, body, signature, nowMs: this.#nowMs() });
    if (problem !== undefined) return refuse(401, [problem]);
    const parsed = rolloutSchema.safeParse(json(body.toString('utf8')));
    if (!parsed.success) return refuse(422, describeIssues(parsed.error));
    const rollout = parsed.data;
    const before = this.#done.get(rollout.idempotency_key);
    if (before !== undefined) return before;
    const problems = rolloutProblems(engine, rollout);
    if (problems.length > 0) return refuse(422, problems);
    if (rollout.action === 'rollback') this.engine.rollBack(changedFlags(rollout));
    else this.engine.roll({ changes: changedFlags(rollout), stage: rollout.stage });
    return this.#remember(rollout.idempotency_key, { status: 200, body: this.engineState() });
  }

  #remember(key: string, answer: Reply): Reply {
    const [oldest] = this.#done.keys();
    if (this.#done.size >= maxRemembered && oldest !== undefined) this.#done.delete(oldest);
    this.#done.set(key, answer);
    return answer;
  }
}

function refuse(status: number, problems: readonly string[]): Reply {
  return { status, body: { error: problems.join('; ') } };
}

function reply(response: ServerResponse, { status, body }: Reply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** The body as text; absent when it is longer than is read here. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return (await bytesOf(request))?.toString('utf8');
}

async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(chunks);
}

/** The parsed text, or `undefined`, which no schema here takes. */
function json(text = ''): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the schema then says what was expected
  }
}
