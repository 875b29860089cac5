/** Instances as they travel. */
import { z } from '@hono/zod-openapi';
import { sloSchema } from '../domain/analysis/slo.ts';
import { engineSchema } from '../domain/engines/engine.ts';
import type { Instance } from '../domain/instance.ts';
import { constraintsSchema, defaultConstraints } from '../domain/optimization/constraints.ts';
import { configSchema } from '../domain/optimization/flags.ts';
import { isoTime } from './iso-time.ts';

export const instanceIdSchema = z
  .string()
  .regex(/^[\w.:-]{1,128}$/, { error: 'must be 1 to 128 letters, digits, `_`, `.`, `:` or `-`' })
  .meta({ example: 'vllm-1' });

export const instanceParamsSchema = z.object({ id: instanceIdSchema });

const labelsSchema = z
  .record(z.string().regex(/^[\w./-]{1,63}$/), z.string().max(256))
  .refine((labels) => Object.keys(labels).length <= 32, { error: 'must have at most 32 labels' });

/** Flags as the engine's command line has them. */
export const limitedConfigSchema = configSchema
  .refine((config) => Object.keys(config).length <= 64, { error: 'must have at most 64 flags' })
  .openapi('EngineConfig', {
    description:
      'The flags the engine runs with, as far as known; null for its default. What is not here is not changed',
    example: { '--gpu-memory-utilization': 0.9 },
  });

const metricsUrlSchema = z
  .string()
  .max(2_048)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), { error: 'must be an http or https URL' })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    error: 'must not hold a user or a password',
  })
  .meta({ format: 'uri', example: 'http://127.0.0.1:8000/metrics' });

export const putInstanceSchema = z
  .strictObject({
    engine: engineSchema,
    metrics_url: metricsUrlSchema,
    labels: labelsSchema.default({}),
    slos: z.array(sloSchema).max(20).default([]),
    config: limitedConfigSchema.default({}),
    constraints: constraintsSchema.default(defaultConstraints),
  })
  .openapi('PutInstance');

export const instanceSchema = z
  .object({
    id: z.string(),
    engine: engineSchema,
    metrics_url: z.string(),
    labels: z.record(z.string(), z.string()).readonly(),
    slos: z.array(sloSchema).readonly(),
    config: configSchema.readonly(),
    constraints: constraintsSchema,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Instance');

export function showInstance({ metricsUrl, createdAtMs, updatedAtMs, ...instance }: Instance) {
  return {
    ...instance,
    metrics_url: metricsUrl,
    created_at: isoTime(createdAtMs),
    updated_at: isoTime(updatedAtMs),
  };
}
