/**
 * Answers `/v1/chat/completions`, `/v1/completions` and `/v1/models` as an engine does, streamed and not: each request
 * queues, has its prompt read and gets its tokens among the simulated ones, so that its times are those of the metrics page.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  chatId,
  errorBody,
  errorEvent,
  finishEvent,
  lastEvent,
  tokenEvents,
  usageEvent,
  wholeBody,
  type ChatHead,
  type FinishReason,
  type Usage,
} from './chat-form.ts';
import { ChatPace } from './chat-pace.ts';
import {
  badRequest,
  readChatRequest,
  tokensOf,
  type ChatError,
  type ChatKind,
  type ChatRequest,
} from './chat-request.ts';
import { seedOf, speech, type Speech } from './chat-text.ts';
import type { FakeEngine } from './engine.ts';
import type { ChatFault } from './faults.ts';
import type { Guest } from './simulation.ts';

interface ChatDeskParts {
  readonly engine: FakeEngine;
  readonly model: string;
  readonly nowMs: () => number;
}

const contextTokens = 8_192;

/** The paths that are answered here. */
const kinds: Readonly<Record<string, ChatKind>> = {
  'POST /v1/chat/completions': 'chat',
  'POST /v1/completions': 'completion',
};

/** What one request is told, and how it goes on. */
interface Answer {
  readonly request: ChatRequest;
  readonly response: ServerResponse;
  readonly head: ChatHead;
  readonly guest: Guest;
  readonly speech: Speech;
  readonly reason: FinishReason;
  readonly promptTokens: number;
  /** Whoever asked has gone away. */
  readonly gone: AbortSignal;
}

export class ChatDesk {
  readonly #parts: ChatDeskParts;
  #fault: ChatFault | undefined;
  /** Streams since the fault was set. */
  #streams = 0;

  constructor(parts: ChatDeskParts) {
    this.#parts = parts;
  }

  get fault(): ChatFault | undefined {
    return this.#fault;
  }

  setFault(fault: ChatFault | undefined): void {
    this.#fault = fault;
    this.#streams = 0;
  }

  /** Undefined for what is no path of this API. */
  kindOf(route: string): ChatKind | undefined {
    return kinds[route];
  }

  /** The body of `GET /v1/models`. */
  models(): object {
    const { model, nowMs } = this.#parts;
    const created = Math.floor(nowMs() / 1_000);
    const card = { id: model, object: 'model', created, owned_by: 'vllm', root: model, max_model_len: contextTokens };
    return { object: 'list', data: [card] };
  }

  /** Resolves when all is said or nobody listens any more. `body` is absent where it was too long. */
  async answer(kind: ChatKind, body: string | undefined, response: ServerResponse): Promise<void> {
    const request = this.#read(kind, body);
    if ('status' in request) {
      refuse(response, request);
      return;
    }
    const said = speech(request.seed ?? seedOf(request.prompt), this.#parts.engine.usualTokens);
    const promptTokens = tokensOf(request.prompt);
    const mostTokens = Math.min(request.maxTokens ?? Infinity, contextTokens - promptTokens);
    const goalTokens = request.ignoreEos ? mostTokens : Math.min(said.ownTokens, mostTokens);
    const guest = this.#parts.engine.enter({ promptTokens, goalTokens });
    if (guest === undefined) {
      refuse(response, overloaded);
      return;
    }

    const reason: FinishReason = request.ignoreEos || said.ownTokens > mostTokens ? 'length' : 'stop';
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    if (response.destroyed) gone.abort();
    const answer = { request, response, head: this.#head(kind), guest, speech: said, reason, promptTokens };
    try {
      await (request.isStream ? this.#stream : this.#whole).call(this, { ...answer, gone: gone.signal });
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      this.#parts.engine.leave(guest);
    }
  }

  #read(kind: ChatKind, body: string | undefined): ChatRequest | ChatError {
    const request = readChatRequest(kind, body);
    if ('status' in request) return request;
    const { model, prompt, maxTokens = 0 } = request;
    if (model !== this.#parts.model)
      return { status: 404, type: 'NotFoundError', message: `The model \`${model}\` does not exist.` };
    const promptTokens = tokensOf(prompt);
    if (Math.max(1, maxTokens) + promptTokens <= contextTokens) return request;
    return badRequest(
      `This model's maximum context length is ${contextTokens} tokens, and the request asks for ${promptTokens + maxTokens}: ${promptTokens} in the prompt, ${maxTokens} in the answer.`,
    );
  }

  #head(kind: ChatKind): ChatHead {
    const { model, nowMs } = this.#parts;
    return { kind, id: chatId(kind, randomUUID().replaceAll('-', '')), createdS: Math.floor(nowMs() / 1_000), model };
  }

  async #whole({ response, head, guest, speech: said, reason, promptTokens, gone }: Answer): Promise<void> {
    let text = '';
    let completionTokens = 0;
    for await (const count of this.#tokens(guest, gone)) {
      completionTokens += count;
      for (let left = count; left > 0; left -= 1) text += said.next();
    }
    if (guest.over === 'lost') response.destroy();
    else if (guest.over === 'failed') refuse(response, engineError);
    else sendJson(response, 200, wholeBody(head, { text, reason, usage: { promptTokens, completionTokens } }));
  }

  async #stream(answer: Answer): Promise<void> {
    const { request, response, head, guest, speech: said, reason, promptTokens, gone } = answer;
    this.#streams += 1;
    const fault = this.#fault !== undefined && this.#streams % this.#fault.every === 0 ? this.#fault : undefined;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    response.flushHeaders();
    let shown = 0;
    let left = fault?.after_tokens ?? Infinity;
    for await (const count of this.#tokens(guest, gone)) {
      const texts = Array.from({ length: Math.min(count, left) }, said.next);
      if (texts.length > 0) await write(answer, tokenEvents(head, texts, shown === 0));
      shown += texts.length;
      if (texts.length === count) {
        left -= count;
        continue;
      }
      if (!(await misbehave(answer, fault))) return;
      const rest = Array.from({ length: count - texts.length }, said.next);
      await write(answer, tokenEvents(head, rest, shown === 0));
      shown += rest.length;
      left = Infinity;
    }
    if (guest.over === 'lost') return void response.destroy();
    if (guest.over === 'failed') return void response.end(errorEvent(engineError) + lastEvent);
    const usage: Usage = { promptTokens, completionTokens: shown };
    response.end(finishEvent(head, reason) + (request.hasUsage ? usageEvent(head, usage) : '') + lastEvent);
  }

  /** How many tokens came, each time that some did, until there are no more. Throws when the client goes away. */
  async *#tokens(guest: Guest, gone: AbortSignal): AsyncGenerator<number> {
    const { engine, nowMs } = this.#parts;
    const pace = new ChatPace(engine.tickMs);
    for (;;) {
      const gapMs = engine.gapMs();
      const now = { nowMs: nowMs(), made: guest.generated, gapMs };
      const count = pace.take(now);
      if (count > 0) yield count;
      if (guest.over === 'lost' || (guest.over !== undefined && pace.shown === guest.generated)) return;
      await sleep(pace.waitMs(now, engine.nextTickMs), undefined, { signal: gone });
    }
  }
}

const overloaded: ChatError = { status: 429, type: 'TooManyRequestsError', message: 'Model is overloaded' };
const engineError: ChatError = { status: 500, type: 'InternalServerError', message: 'the engine gave this request up' };

/** The longest that a timer of Node takes. */
const foreverMs = 2 ** 31 - 1;

/** True where the stream goes on after it. */
async function misbehave({ response, gone }: Answer, fault: ChatFault | undefined): Promise<boolean> {
  switch (fault?.kind) {
    case undefined:
      return true;
    case 'cut':
      response.socket?.destroySoon(); // what was written is on its way first
      return false;
    case 'error':
      response.end(errorEvent(engineError) + lastEvent);
      return false;
    case 'stall':
      await sleep(fault.for_ms ?? foreverMs, undefined, { signal: gone });
      return true;
  }
}

/** Waits for a reader that takes its time. */
async function write({ response, gone }: Answer, text: string): Promise<void> {
  if (!response.write(text)) await once(response, 'drain', { signal: gone });
}

function refuse(response: ServerResponse, error: ChatError): void {
  sendJson(response, error.status, errorBody(error));
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
