/** What an analysis finds: a name for the trouble, how bad it is, and the numbers that show it. */
import { z } from 'zod';
import { severitySchema } from './severity.ts';
import { windowSchema } from './window.ts';

const ruleIds = [
  'stalled',
  'kv_exhaustion',
  'capacity_limited',
  'admission_limited',
  'ttft_slo',
  'itl_slo',
  'errors',
  'prefill_bound',
  'batch_underfilled',
  'host_bound',
  'speculation_low',
  'prefix_cache_low',
  'idle',
] as const;
export const ruleIdSchema = z.enum(ruleIds).meta({ id: 'Rule' });
export type RuleId = z.infer<typeof ruleIdSchema>;

const evidenceSchema = z
  .object({
    metric: z.string().meta({ description: 'A field of a snapshot, and how it was read', example: 'kv_usage max' }),
    value: z.number(),
    unit: z.enum(['s', 'ratio', 'requests', 'events', 'tokens']),
    compared: z
      .object({ op: z.enum(['<', '<=', '>', '>=']), limit: z.number() })
      .nullable()
      .meta({ description: 'The comparison that holds, and led to the finding; null for a number that only explains' }),
    window: windowSchema,
  })
  .readonly()
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof evidenceSchema>;

export const causes = ['queue_bound', 'prefill_bound', 'host_bound', 'engine_full'] as const;

export const findingSchema = z
  .object({
    rule: ruleIdSchema,
    severity: severitySchema,
    cause: z.enum(causes).nullable().meta({ description: 'Where the time or the requests go, when the numbers tell' }),
    slo: z.string().nullable().meta({ description: 'Name of the SLO that is broken' }),
    explanation: z.string(),
    evidence: z.array(evidenceSchema).readonly(),
  })
  .readonly()
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof findingSchema>;
