/**
 * How loads are made smaller from outside, for all tests of a run: played once (`LOAD_ONCE`), with fewer users and lower
 * rates (`LOAD_SCALE`), or for another time (`LOAD_DURATION`).
 */
import type { TestInfo } from '@playwright/test';
import { isPlayedOnce, onceOfEnvironment } from '../measure/once-mode.ts';
import { durationMsOf, durationProblem, show } from '../measure/units.ts';
import { throwProblems } from '../options-error.ts';

/** `full`: as the spec says. */
export type Reduction =
  | { readonly kind: 'full' }
  | { readonly kind: 'once' }
  | { readonly kind: 'shrunk'; readonly scale: number; readonly durationMs: number | undefined };

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one `OptionsError` for all that is wrong or does not go together. `ofUse`: what `use: { loadOnce }` says. */
export function reductionOf(env: Environment, ofUse: unknown): Reduction {
  const once = isPlayedOnce(env, ofUse);
  const problems: string[] = [];
  const scale = scaleOf(env['LOAD_SCALE'] ?? '', problems);
  const durationMs = durationOf(env['LOAD_DURATION'] ?? '', problems);
  if (onceOfEnvironment(env) === true) problems.push(...besideOnce(env));
  throwProblems(problems);
  if (once) return { kind: 'once' };
  return scale === 1 && durationMs === undefined ? { kind: 'full' } : { kind: 'shrunk', scale, durationMs };
}

function scaleOf(text: string, problems: string[]): number {
  if (text === '') return 1;
  const scale = /^(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : 0;
  if (scale > 0) return scale;
  problems.push(`\`LOAD_SCALE\` must be a number above 0, such as \`0.1\` for a tenth of each load, got ${show(text)}`);
  return 1;
}

function durationOf(text: string, problems: string[]): number | undefined {
  if (text === '') return undefined;
  const ms = durationMsOf(text);
  if (ms === undefined) problems.push(durationProblem('LOAD_DURATION', text));
  else if (ms <= 0) problems.push(`\`LOAD_DURATION\` must be longer than nothing, got ${show(text)}`);
  return ms;
}

/** What is said of loads where none is sent. */
function besideOnce(env: Environment): string[] {
  const says = (name: string) => (env[name] ?? '') !== '';
  return [
    ...['LOAD_SCALE', 'LOAD_DURATION']
      .filter(says)
      .map((name) => `\`${name}\` makes loads smaller, and \`LOAD_ONCE\` sends none: leave one of them out`),
    ...(env['LOAD_BASELINE'] === 'update'
      ? ['`LOAD_BASELINE=update` records loads, and `LOAD_ONCE` sends none: leave one of them out']
      : []),
    ...(says('LOAD_SHARD')
      ? [
          '`LOAD_SHARD` divides loads, and `LOAD_ONCE` sends none: divide the tests by `--shard` of Playwright, or leave one of them out',
        ]
      : []),
  ];
}

const unshrunkNote = {
  type: 'load',
  description:
    '`LOAD_SCALE` and `LOAD_DURATION` leave experiments as they are: what they find depends on the size of their loads',
} as const;

/** Of an experiment, which is played once too, and otherwise as large as it is; its test says so. */
export function unshrunk(reduction: Reduction, { annotations }: Pick<TestInfo, 'annotations'>): Reduction {
  if (reduction.kind !== 'shrunk') return reduction;
  if (!annotations.some(({ type }) => type === unshrunkNote.type)) annotations.push(unshrunkNote);
  return { kind: 'full' };
}
