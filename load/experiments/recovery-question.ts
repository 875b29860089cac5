/** The question of `load.recovery`, and all that can be wrong with it. */
import { type CpuRecoveryOptions, defaultCpuRecoveryOptions } from '../analysis/cpu-recovery.ts';
import { defaultMemoryGrowthOptions, type MemoryGrowthOptions } from '../analysis/memory-growth.ts';
import { defaultRecoveryOptions, type RecoveryOptions } from '../analysis/recovery.ts';
import { type Duration, formatDuration, parseRate, type RateText } from '../measure/units.ts';
import { throwProblems, unknownOptions } from '../options-error.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scenario } from '../run/scenario.ts';
import { omit } from '../omit.ts';
import { durationIn, lengthIn, noNumbers, noShares, noWholeNumbers, problemsOf, ruleProblems } from './question.ts';

/** What is asked of the server's return. */
export type RecoveryQuestion<Row = undefined, State = unknown, UserRow = unknown> = {
  /** Requests per second that look how the server does, all the time. It must bear them easily. */
  readonly probe: RateText;
  /** What the server is put under; it knows how long it lasts. */
  readonly stress: Profile;
  /** What the stress does. Without it, what the probe does. */
  readonly stressing?: Scenario<Row, State, UserRow>;
  /** How long the probe runs alone before the stress: what the server is to come back to. */
  readonly before?: Duration;
  /** How long after the stress the server may need; later is a failure. */
  readonly within?: Duration;
  /** Tells several of one test apart. */
  readonly name?: string;
  /** How the CPU of the server's process has to come back, where it is known; `false` does not ask. */
  readonly cpu?: Partial<Omit<CpuRecoveryOptions, 'deadline'>> | false;
  /** How its memory has to settle; without a `limitMb` it may grow by anything. `false` does not ask. */
  readonly memory?: Partial<MemoryGrowthOptions> | false;
} & Partial<RecoveryOptions>;

export const defaultRecovery = { before: '12s', within: '30s', warmUp: '2s' } as const;

/**
 * The garbage of the probe saws at the memory's level: the tail is compared by up to ten readings, with twice the
 * slack.
 */
function memoryBesideAProbe(withinMs: number): Partial<MemoryGrowthOptions> {
  const edgeReadings = Math.max(3, Math.min(10, Math.floor(withinMs / 2_000)));
  return { limitMb: Infinity, edgeReadings, settledMb: 10, settledShare: 0.1 };
}

/** The stress begins in the middle of a window, so that `before` holds all the windows it should. */
export const slackMs = 500;

const known = {
  probe: true,
  stress: true,
  stressing: true,
  before: true,
  within: true,
  name: true,
  cpu: true,
  memory: true,
  window: true,
  tolerance: true,
  floor: true,
  holdWindows: true,
  errorRateMargin: true,
  maxBaselineErrorRate: true,
  minBaselineWindows: true,
  minRequestsPerWindow: true,
} as const satisfies Record<keyof RecoveryQuestion, true>;

const cpuRules = {
  defaults: omit(defaultCpuRecoveryOptions, ['deadline']),
  whole: ['holdReadings', 'minBaselineReadings'],
} as const;
const memoryRules = { defaults: defaultMemoryGrowthOptions, whole: ['edgeReadings'] } as const;

export interface AskedRecovery {
  readonly name: string | undefined;
  readonly beforeMs: number;
  readonly withinMs: number;
  readonly windowMs: number;
  readonly probeMs: number;
  readonly cpu: Partial<CpuRecoveryOptions> | undefined;
  readonly memory: Partial<MemoryGrowthOptions> | undefined;
  readonly rules: RecoveryOptions;
}

/** Throws an `OptionsError` for all that is wrong with the question, before a request is sent. */
export function readRecovery<Row, State, UserRow>(question: RecoveryQuestion<Row, State, UserRow>): AskedRecovery {
  const { probe, stress, before = defaultRecovery.before, within = defaultRecovery.within, name } = question;
  const rules = rulesOf(question);
  const { holdWindows, errorRateMargin, maxBaselineErrorRate, minBaselineWindows, minRequestsPerWindow } = rules;
  const problems = [
    ...unknownOptions('load.recovery', question, known),
    ...noNumbers({ tolerance: rules.tolerance, minRequestsPerWindow }),
    ...noWholeNumbers({ holdWindows, minBaselineWindows }),
    ...noShares({ errorRateMargin, maxBaselineErrorRate }),
    ...(question.cpu === false ? [] : ruleProblems('cpu', question.cpu, cpuRules)),
    ...(question.memory === false ? [] : ruleProblems('memory', question.memory, memoryRules)),
  ];
  const stressMs = lengthIn(problems, 'stress', stress);
  const windowMs = durationIn(problems, { option: 'window', given: rules.window, leastMs: 1_000 });
  if (windowMs % 1_000 !== 0) problems.push(`\`window\` counts whole seconds, got ${rules.window}`);
  durationIn(problems, { option: 'floor', given: rules.floor });
  const beforeMs = durationIn(problems, { option: 'before', given: before, leastMs: minBaselineWindows * windowMs });
  const withinMs = durationIn(problems, { option: 'within', given: within, leastMs: windowMs });
  problems.push(...tooThin(probe, windowMs, minRequestsPerWindow));
  throwProblems(problems);
  return {
    name,
    beforeMs,
    withinMs,
    windowMs,
    probeMs: beforeMs + slackMs + stressMs + withinMs + (holdWindows + 1) * windowMs,
    cpu: question.cpu === false ? undefined : { ...question.cpu, deadline: `${withinMs}ms` },
    memory: question.memory === false ? undefined : { ...memoryBesideAProbe(withinMs), ...question.memory },
    rules,
  };
}

function rulesOf<Row, State, UserRow>(question: RecoveryQuestion<Row, State, UserRow>): RecoveryOptions {
  const { defaults, given } = { defaults: defaultRecoveryOptions, given: question };
  return {
    window: given.window ?? defaults.window,
    tolerance: given.tolerance ?? defaults.tolerance,
    floor: given.floor ?? defaults.floor,
    holdWindows: given.holdWindows ?? defaults.holdWindows,
    errorRateMargin: given.errorRateMargin ?? defaults.errorRateMargin,
    maxBaselineErrorRate: given.maxBaselineErrorRate ?? defaults.maxBaselineErrorRate,
    minBaselineWindows: given.minBaselineWindows ?? defaults.minBaselineWindows,
    minRequestsPerWindow: given.minRequestsPerWindow ?? defaults.minRequestsPerWindow,
  };
}

function tooThin(probe: RateText, windowMs: number, least: number): string[] {
  let perWindow = Number.NaN;
  const problems = problemsOf('probe', () => {
    const { count, perMs } = parseRate(probe);
    perWindow = (count * windowMs) / perMs;
  });
  if (perWindow < least)
    problems.push(
      `\`probe\` of ${probe} puts ${perWindow} requests into a window of ${formatDuration(windowMs)}, a p95 needs ${least}: probe faster or take longer windows`,
    );
  return problems;
}
