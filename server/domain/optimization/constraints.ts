/** What an operator does not want touched. Each is enforced; an action that breaks one is listed as skipped, with the reason. */
import { z } from 'zod';

export const constraintsSchema = z
  .strictObject({
    forbid_flags: z.array(z.string().min(1).max(64)).max(64).default([]).meta({ description: 'Flags to leave alone' }),
    allow_restart: z.boolean().default(true).meta({ description: 'Engines read their flags at start only' }),
    allow_kv_quantization: z
      .boolean()
      .default(true)
      .meta({ description: 'An 8-bit cache may change answers slightly' }),
    allow_shorter_context: z.boolean().default(false).meta({ description: 'Longer requests would be refused' }),
    allow_scaling: z.boolean().default(true).meta({ description: 'More replicas or accelerators cost money' }),
    max_memory_fraction: z.number().gt(0).max(0.95).default(0.95),
    min_concurrency: z.int().min(1).default(1),
    max_concurrency: z.int().min(1).max(65_536).default(1_024),
  })
  .meta({ id: 'Constraints' });
export type Constraints = z.output<typeof constraintsSchema>;

/** What holds when an operator names nothing. */
export const defaultConstraints: Constraints = constraintsSchema.parse({});
