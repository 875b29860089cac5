/** What is asked of baselines: `LOAD_BASELINE`. */
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';

/** `compare`: runs are held against what is recorded. `update`: accepted runs are recorded, and fail nothing. */
export type BaselineMode = 'compare' | 'update' | 'off';

/** Throws an `OptionsError` for a word that is none; unset, it is `compare`. */
export function baselineMode(env: Readonly<Record<string, string | undefined>>): BaselineMode {
  const text = env['LOAD_BASELINE'] ?? '';
  if (text === '') return 'compare';
  if (text === 'compare' || text === 'update' || text === 'off') return text;
  throw new OptionsError([`\`LOAD_BASELINE\` must be \`update\`, \`compare\` or \`off\`, got ${show(text)}`]);
}
