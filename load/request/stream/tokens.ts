/**
 * Counts the tokens in the events of a stream, by the user's own rule or by the form of OpenAI's API, which most servers of
 * language models speak.
 *
 * What is made of the counts is named as in `vllm bench serve` (vllm/benchmarks/serve.py and lib/endpoint_request_func.py):
 * time to first token, inter-token latency between two chunks with tokens, and time per output token, which is
 * (latency − time to first token) / (output tokens − 1). There the first chunk with `choices` is the first token, be it only
 * of a role; here it is the first with text.
 */
import type { StreamEvent } from './event-parser.ts';
import { tokensBy } from './own-rules.ts';
import { headOfText } from './stream-words.ts';

export interface TokenCounter {
  /** Tokens in an event. Throws for one that cannot be read. */
  count(event: StreamEvent): number;
  /** How many there were, as the server told; undefined where it did not. */
  readonly told: number | undefined;
}

/** The last event of a stream of OpenAI's. */
export function isDone({ data }: StreamEvent): boolean {
  return data.trim() === '[DONE]';
}

export function tokenCounter(tokens: 'openai' | ((event: StreamEvent) => number) | undefined): TokenCounter {
  if (tokens === 'openai') return new OpenAiTokens();
  return tokens === undefined ? noTokens : new OwnTokens(tokens);
}

const noTokens: TokenCounter = { count: () => 0, told: undefined };

class OwnTokens implements TokenCounter {
  readonly told = undefined;
  readonly #rule: (event: StreamEvent) => number;

  constructor(rule: (event: StreamEvent) => number) {
    this.#rule = rule;
  }

  count(event: StreamEvent): number {
    return tokensBy(this.#rule, event);
  }
}

/** What is read of a chunk of chat completions or completions. */
interface Chunk {
  readonly choices?: readonly Choice[] | null;
  readonly usage?: { readonly completion_tokens?: unknown } | null;
  readonly error?: unknown;
  readonly object?: unknown;
}

interface Choice {
  readonly text?: unknown;
  readonly delta?: Readonly<Record<string, unknown>> | null;
}

/** Where text stands in a delta: `reasoning` and `reasoning_content` are what models think. */
const textFields = ['content', 'reasoning', 'reasoning_content', 'refusal'] as const;

/** A chunk is one token where it carries anything of one, which is how servers send them. */
class OpenAiTokens implements TokenCounter {
  told: number | undefined;

  count(event: StreamEvent): number {
    if (isDone(event)) return 0;
    const chunk = chunkOf(event.data);
    const error = errorIn(chunk, event);
    if (error !== undefined) throw new Error(`the server tells of an error within the stream: ${wordsOf(error)}`);
    const told = chunk.usage?.completion_tokens;
    if (typeof told === 'number' && Number.isSafeInteger(told) && told >= 0) this.told = told;
    return Array.isArray(chunk.choices) && chunk.choices.some(hasToken) ? 1 : 0;
  }
}

function chunkOf(data: string): Chunk {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch (cause) {
    throw new Error(`an event is no JSON: ${headOfText(data)}`, { cause });
  }
  if (typeof chunk !== 'object' || chunk === null)
    throw new Error(`an event is no chunk of a completion: ${headOfText(data)}`);
  return chunk;
}

/** As `error`, as a whole chunk of that kind (as some servers send it), or in an event of that name. */
function errorIn(chunk: Chunk, { event }: StreamEvent): unknown {
  return chunk.error ?? (chunk.object === 'error' || event === 'error' ? chunk : undefined);
}

function hasToken(choice: Choice | null | undefined): boolean {
  if (typeof choice !== 'object' || choice === null) return false;
  if (isText(choice.text)) return true;
  const { delta } = choice;
  if (typeof delta !== 'object' || delta === null) return false;
  return (
    textFields.some((field) => isText(delta[field])) || isFull(delta['tool_calls']) || isCall(delta['function_call'])
  );
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
/** Before there were calls of tools, there was one of a function. */
const isCall = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isFull = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function wordsOf(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return headOfText(typeof said === 'string' ? said : JSON.stringify(said));
}
