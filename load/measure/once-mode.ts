/**
 * Once mode: whether loads are sent, or each is played once as a functional test. Workers and reporters read it alike, since
 * a test that is played once is no load that shards divide.
 */
import { OptionsError } from '../options-error.ts';
import { show } from './units.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `LOAD_ONCE` says; undefined where it says nothing. Throws an `OptionsError` for what is neither yes nor no. */
export function onceOfEnvironment(env: Environment): boolean | undefined {
  const text = env['LOAD_ONCE'] ?? '';
  if (text === '') return undefined;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new OptionsError([`\`LOAD_ONCE\` must be \`1\`, or \`0\` for loads as they are, got ${show(text)}`]);
}

/** The environment goes before `use: { loadOnce }`. Throws an `OptionsError` for a value of either that is none. */
export function isPlayedOnce(env: Environment, ofUse: unknown): boolean {
  const asked = onceOfEnvironment(env);
  if (ofUse !== undefined && typeof ofUse !== 'boolean')
    throw new OptionsError([`\`loadOnce\` in \`use\` must be \`true\` or \`false\`, got ${show(ofUse)}`]);
  return asked ?? ofUse ?? false;
}
