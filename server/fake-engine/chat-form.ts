/**
 * Answers in OpenAI's form (its API reference: chat completion object, chat completion chunk object, completion object), as
 * vLLM fills it: the role comes with the first token, the reason to end in a chunk without text, usage in one without
 * choices, and `[DONE]` is last.
 */
import type { ChatError, ChatKind } from './chat-request.ts';

export type FinishReason = 'stop' | 'length';

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What all chunks of an answer have in common. */
export interface ChatHead {
  readonly kind: ChatKind;
  readonly id: string;
  /** Unix time. */
  readonly createdS: number;
  readonly model: string;
}

export const lastEvent = event('[DONE]');

export function chatId(kind: ChatKind, id: string): string {
  return `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${id}`;
}

/** The events of some tokens that came together: each has one of its own. */
export function tokenEvents(head: ChatHead, texts: readonly string[], isFirst: boolean): string {
  const role = isFirst && head.kind === 'chat' ? [chunk(head, { role: 'assistant', content: '' })] : [];
  return [...role, ...texts.map((text) => chunk(head, head.kind === 'chat' ? { content: text } : text))].join('');
}

export function finishEvent(head: ChatHead, reason: FinishReason): string {
  return chunk(head, head.kind === 'chat' ? { content: '' } : '', reason);
}

export function usageEvent(head: ChatHead, usage: Usage): string {
  return event(JSON.stringify({ ...open(head, true), choices: [], usage: usageOf(usage) }));
}

export function errorEvent(error: ChatError): string {
  return event(JSON.stringify(errorBody(error)));
}

interface Whole {
  readonly text: string;
  readonly reason: FinishReason;
  readonly usage: Usage;
}

/** An answer that is not streamed. */
export function wholeBody(head: ChatHead, { text, reason, usage }: Whole): object {
  const said = head.kind === 'chat' ? { message: { role: 'assistant', content: text } } : { text };
  const choice = { index: 0, ...said, logprobs: null, finish_reason: reason, stop_reason: null };
  return { ...open(head, false), choices: [choice], usage: usageOf(usage) };
}

export function errorBody({ status, type, message }: ChatError): object {
  return { error: { message, type, param: null, code: status } };
}

/** `said` is a chat's delta, or a completion's text. */
function chunk(head: ChatHead, said: object | string, reason: FinishReason | null = null): string {
  const content = typeof said === 'string' ? { text: said } : { delta: said };
  const end = reason === null ? {} : { stop_reason: null };
  const choice = { index: 0, ...content, logprobs: null, finish_reason: reason, ...end };
  return event(JSON.stringify({ ...open(head, true), choices: [choice] }));
}

function open({ kind, id, createdS, model }: ChatHead, isChunk: boolean) {
  const chat = isChunk ? 'chat.completion.chunk' : 'chat.completion';
  return { id, object: kind === 'chat' ? chat : 'text_completion', created: createdS, model };
}

function usageOf({ promptTokens, completionTokens }: Usage) {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
  };
}

function event(data: string): string {
  return `data: ${data}\n\n`;
}
