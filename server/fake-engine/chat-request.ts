/**
 * What clients of OpenAI's API ask for, as far as it changes an answer here; other fields are allowed and mean nothing, as
 * in vLLM (`entrypoints/openai/engine/protocol.py`: extra fields are allowed).
 */
import { z } from 'zod';
import { describeIssues } from './options.ts';

export type ChatKind = 'chat' | 'completion';

export interface ChatRequest {
  readonly kind: ChatKind;
  readonly model: string;
  /** What was said, as one text. */
  readonly prompt: string;
  readonly isStream: boolean;
  readonly hasUsage: boolean;
  /** Absent: as long as the answer is by itself. */
  readonly maxTokens?: number;
  /** vLLM's: the answer is as long as it may be. */
  readonly ignoreEos: boolean;
  readonly seed?: number;
}

/** An error in OpenAI's form; `type` in vLLM's words. */
export interface ChatError {
  readonly status: number;
  readonly type: 'BadRequestError' | 'NotFoundError' | 'TooManyRequestsError' | 'InternalServerError';
  readonly message: string;
}

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const tokens = z.int().min(1).max(1_000_000).nullish();
const common = {
  model: z.string(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokens,
  ignore_eos: z.boolean().nullish(),
  seed: z.int().min(0).max(0xffff_ffff).nullish(),
  n: z.literal(1, { error: 'must be 1' }).nullish(),
};
const schemas = {
  chat: z
    .looseObject({
      ...common,
      max_completion_tokens: tokens,
      messages: z
        .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(part)]).nullish() }))
        .min(1),
    })
    .transform(({ messages, max_completion_tokens: max, ...rest }) => ({
      ...rest,
      max: max ?? rest.max_tokens,
      prompt: messages.map(({ content }) => textOf(content)).join('\n'),
    })),
  completion: z
    .looseObject({ ...common, prompt: z.union([z.string(), z.array(z.string()).length(1)]) })
    .transform(({ prompt, ...rest }) => ({ ...rest, max: rest.max_tokens, prompt: [prompt].flat().join('') })),
} as const;

function textOf(content: string | readonly { readonly text?: string | undefined }[] | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('');
}

/** `body` is absent where it was too long to be read. */
export function readChatRequest(kind: ChatKind, body: string | undefined): ChatRequest | ChatError {
  if (body === undefined) return badRequest('the body is longer than this engine reads');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return badRequest(`the body is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schemas[kind].safeParse(value);
  if (!parsed.success) return badRequest(describeIssues(parsed.error).join('; '));
  const { model, prompt, stream, stream_options, max, ignore_eos: ignoreEos, seed } = parsed.data;
  const options = stream_options ?? undefined;
  const isStream = stream === true;
  if (options !== undefined && !isStream) return badRequest('`stream_options` is for streams: say `stream: true`');
  return {
    kind,
    model,
    prompt,
    isStream,
    hasUsage: options?.include_usage === true,
    ignoreEos: ignoreEos === true,
    ...(typeof max === 'number' && { maxTokens: max }),
    ...(typeof seed === 'number' && { seed }),
  };
}

export function badRequest(message: string): ChatError {
  return { status: 400, type: 'BadRequestError', message };
}

/** About four letters are a token. */
export function tokensOf(prompt: string): number {
  return Math.max(1, Math.ceil(prompt.length / 4));
}
