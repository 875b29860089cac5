/**
 * What an engine did between two scrapes, in the same words for every engine: seconds, fractions from 0 to 1, counts of
 * the interval. What was not measured is null, and `coverage` says which fields the engine's page can and cannot fill.
 */
import { z } from 'zod';
import { distributionSchema } from './distribution.ts';
import { counterFields, distributionFields, engineSchema, gaugeFields } from './engine.ts';

const measured = z.number().nullable();
/** Registered, not `.meta`: the copy that `.meta` makes would not be known as a `Distribution` in the OpenAPI document. */
const distribution = (description: string) => distributionSchema.nullable().register(z.globalRegistry, { description });

/** Why a snapshot has levels but no rates. */
export const baselines = ['first', 'counter_reset', 'clock_stepped'] as const;
export type Baseline = (typeof baselines)[number];

export const coveredFields = [...gaugeFields, ...counterFields, ...distributionFields, 'prefix_hit_ratio'] as const;
export type CoveredField = (typeof coveredFields)[number];

const covered = z.array(z.enum(coveredFields)).readonly();

export const snapshotSchema = z
  .object({
    engine: engineSchema,
    taken_at: z.iso.datetime().meta({ description: 'When the later page was asked for' }),
    interval_s: measured.meta({ description: 'Seconds since the page before; null in a baseline' }),
    baseline: z.enum(baselines).nullable().meta({
      description:
        'Why there is nothing to compare with: the first page, a restarted engine, or a clock that went back; null when there is',
    }),
    running: measured.meta({ description: 'Requests in the batch' }),
    waiting: measured.meta({ description: 'Requests in the queue' }),
    kv_usage: measured.meta({ description: 'Fraction of the key-value cache in use, of the fullest rank' }),
    ttft_s: distribution('Time to first token'),
    itl_s: distribution('Time between tokens'),
    e2e_s: distribution('Whole request'),
    queue_s: distribution('Time in the queue'),
    prefill_s: distribution('Reading the prompt, from the first step on it to the first token'),
    inference_s: distribution(
      'Running, from the first step on it to its last token: neither the queue nor the server in front of the engine',
    ),
    prompt_length: distribution('Tokens in a prompt'),
    generation_length: distribution('Tokens in an answer'),
    done: measured.meta({ description: 'Requests that ended well' }),
    failed: measured.meta({ description: 'Requests that failed' }),
    overloaded: measured.meta({ description: 'Of those, refused because the engine was full' }),
    aborted: measured.meta({ description: 'Requests whose client left' }),
    preemptions: measured.meta({ description: 'Requests put back for lack of key-value cache' }),
    generation_tokens: measured,
    prompt_tokens: measured,
    prefix_hits: measured.meta({ description: 'Prompt tokens found in the prefix cache' }),
    prefix_queries: measured.meta({ description: 'Prompt tokens looked up in the prefix cache' }),
    progress: measured.meta({
      description:
        'Work counted while it is done, whatever its unit: 0 says that nothing moved. Null where the engine counts only what is over',
    }),
    spec_drafted: measured.meta({ description: 'Tokens that speculative decoding proposed' }),
    spec_accepted: measured.meta({ description: 'Of those, accepted' }),
    requests_per_s: measured.meta({ description: 'Done and failed' }),
    preemptions_per_s: measured,
    generation_tokens_per_s: measured,
    prompt_tokens_per_s: measured,
    prefix_hit_ratio: measured.meta({ description: 'Fraction of prompt tokens found in the prefix cache' }),
    coverage: z.object({ present: covered, absent: covered }).readonly().meta({
      description: 'The fields that this page has metrics for, and those it has not',
    }),
  })
  .readonly()
  .meta({ id: 'Snapshot' });
export type Snapshot = z.infer<typeof snapshotSchema>;
