/** What `probe` may be told beside its page and its function, and what it makes of it. */
import { mostRounds } from '../measure/probe-data.ts';
import { type Duration, durationMsOf, formatCount, longestTimerMs, show } from '../measure/units.ts';
import { entryName } from '../measure/entry-name.ts';

/** How a page is looked at beside a load. */
export interface ProbeOptions {
  /** What it is called in reports and limits; two probes of a test need two names. */
  readonly name?: string;
  /** From the start of one round to that of the next, while a load runs. A round that takes longer puts off the next. */
  readonly every?: Duration;
  /** Rounds before the load, from 1, which what the load adds is held against; one more goes before them, to warm the caches. */
  readonly idle?: number;
  /** The longest that a round may take; beyond it, it has failed. */
  readonly timeout?: Duration;
}

/** What a probe does that is not told otherwise. */
export const defaultProbeOptions: Required<ProbeOptions> = { name: 'page', every: '5s', idle: 3, timeout: '30s' };

export interface ResolvedProbe {
  readonly name: string;
  readonly everyMs: number;
  readonly idle: number;
  readonly timeoutMs: number;
}

const known: ReadonlySet<string> = new Set(Object.keys(defaultProbeOptions));

/** Puts all that is wrong into `problems`. */
export function resolveProbe(options: unknown, problems: string[]): ResolvedProbe {
  if (typeof options !== 'object' || options === null)
    problems.push(`\`probe\` takes its options as an object, got ${show(options)}`);
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  for (const [key] of given)
    if (!known.has(key)) problems.push(`\`${key}\` is no option of \`probe\`; known are ${[...known].join(', ')}`);
  const all = { ...defaultProbeOptions, ...Object.fromEntries(given) } as Record<keyof ProbeOptions, unknown>;
  const { name, idle } = all;
  if (typeof name !== 'string' || name.trim() === '')
    problems.push(`\`name\` of a probe must be a text, got ${show(name)}`);
  if (!Number.isInteger(idle) || Number(idle) < 1 || Number(idle) > mostRounds)
    problems.push(
      `\`idle\` must be a whole number from 1 to ${formatCount(mostRounds)}, got ${show(idle)}: what the load adds is held against those rounds`,
    );
  return {
    name: entryName(String(name)),
    everyMs: durationOf('every', all.every, problems),
    idle: Number(idle),
    timeoutMs: durationOf('timeout', all.timeout, problems),
  };
}

function durationOf(option: 'every' | 'timeout', given: unknown, problems: string[]): number {
  const ms = typeof given === 'string' ? durationMsOf(given) : undefined;
  if (ms !== undefined && ms > 0 && ms <= longestTimerMs) return ms;
  problems.push(
    `\`${option}\` of a probe must be a duration above 0 such as \`${defaultProbeOptions[option]}\`, got ${show(given)}`,
  );
  return 0;
}
