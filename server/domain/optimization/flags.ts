/** An engine's settings as its command line has them. */
import { z } from 'zod';

export const flagValueSchema = z
  .union([z.string().max(256), z.number(), z.boolean(), z.null()])
  .meta({ description: 'Null: not set, the engine uses its default' });
export type FlagValue = z.infer<typeof flagValueSchema>;

/** `--max-num-seqs`, or the same without dashes or with underscores, as configuration files write it; `-tp`. */
export const configSchema = z
  .record(z.string().regex(/^-{0,2}[a-zA-Z][\w-]{0,63}$/, { error: 'must be the name of a flag' }), flagValueSchema)
  .meta({ id: 'EngineConfig' });
export type Config = Readonly<Record<string, FlagValue>>;

export const flagChangeSchema = z
  .object({ flag: z.string(), from: flagValueSchema, to: flagValueSchema })
  .readonly()
  .meta({ id: 'FlagChange' });
export type FlagChange = z.infer<typeof flagChangeSchema>;

/** `max_num_seqs` → `--max-num-seqs`, and so is `MAX_NUM_SEQS`, as environments write it. */
export function flagName(name: string): string {
  return `--${name.replace(/^--?/, '').replaceAll('_', '-').toLowerCase()}`;
}
