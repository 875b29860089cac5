/** The ways in which a metrics endpoint misbehaves, and those of a streamed answer. Each is met in the field. */
import { z } from 'zod';
import { engineSchema } from '../domain/engines/engine.ts';

export const faultSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('slow'), delay_ms: z.int().min(1).max(120_000) }),
    z.strictObject({ kind: z.literal('hang') }).describe('takes the request and never answers'),
    z.strictObject({ kind: z.literal('stall') }).describe('sends half the page, then nothing more'),
    z.strictObject({ kind: z.literal('cut_off') }).describe('ends inside a line, as if it were the whole page'),
    z.strictObject({ kind: z.literal('reset') }).describe('closes the connection without an answer'),
    z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599) }),
    z.strictObject({ kind: z.literal('redirect'), location: z.string().min(1).max(2_048) }),
    z.strictObject({ kind: z.literal('html') }).describe('a login form with status 200'),
    z.strictObject({ kind: z.literal('empty') }),
    z.strictObject({ kind: z.literal('huge'), bytes: z.int().min(1).max(1_000_000_000) }),
    z.strictObject({ kind: z.literal('endless') }).describe('a page that never ends'),
    z.strictObject({ kind: z.literal('engine'), engine: engineSchema }).describe('the page of another engine'),
  ])
  .meta({ description: 'How the metrics page misbehaves' });
export type Fault = z.infer<typeof faultSchema>;

const afterTokens = z.int().min(0).max(100_000).default(3);
/** Of the streams from now on, each so many-th misbehaves. */
const every = z.int().min(1).max(1_000_000).default(1);

export const chatFaultSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('cut'), after_tokens: afterTokens, every })
      .describe('the connection breaks off, without the end that chunked coding has'),
    z
      .strictObject({ kind: z.literal('stall'), after_tokens: afterTokens, every, for_ms: z.int().min(1).optional() })
      .describe('silence for so long, or for ever'),
    z
      .strictObject({ kind: z.literal('error'), after_tokens: afterTokens, every })
      .describe('an error in the stream, in the place of the tokens to come'),
  ])
  .meta({ description: 'How streamed answers misbehave' });
export type ChatFault = z.infer<typeof chatFaultSchema>;
