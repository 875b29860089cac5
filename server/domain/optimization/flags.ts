/** An engine's settings as its command line has them. */
import { z } from 'zod';

export const flagValueSchema = z
  .union([z.string().max(256), z.number(), z.boolean(), z.null()])
  .meta({ description: 'Null: not set, the engine uses its default' });
export type FlagValue = z.infer<typeof flagValueSchema>;

/** `--max-num-seqs`, or the same without dashes or with underscores, as configuration files write it. */
export const configSchema = z
  .record(z.string().regex(/^(?:--)?[a-zA-Z][\w-]{0,63}$/, { error: 'must be the name of a flag' }), flagValueSchema)
  .meta({ id: 'EngineConfig' });
export type Config = Readonly<Record<string, FlagValue>>;

export const flagChangeSchema = z
  .object({ flag: z.string(), from: flagValueSchema, to: flagValueSchema })
  .readonly()
  .meta({ id: 'FlagChange' });
export type FlagChange = z.infer<typeof flagChangeSchema>;

/** `max_num_seqs` → `--max-num-seqs`. */
export function flagName(name: string): string {
  return `--${name.replace(/^--/, '').replaceAll('_', '-')}`;
}

/** What is known of the current settings, whichever way each flag was written. */
export class KnownConfig {
  readonly #values: ReadonlyMap<string, FlagValue>;

  constructor(config: Config) {
    this.#values = new Map(Object.entries(config).map(([name, value]) => [flagName(name), value]));
  }

  /** `undefined` when nobody said. */
  get(flag: string): FlagValue | undefined {
    return this.#values.get(flag);
  }

  /** Also `undefined` when the value is no number. */
  number(flag: string): number | undefined {
    const value = this.get(flag);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }
}
