/** The ways in which a metrics endpoint misbehaves. Each is one that collectors meet in the field. */
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
