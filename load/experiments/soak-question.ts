/** What is asked of a soak, and what is wrong with such a question. */
import { defaultDriftOptions, type DriftOptions } from '../analysis/drift.ts';
import { defaultHandleLeakOptions, type HandleLeakOptions } from '../analysis/handle-leak.ts';
import { defaultLeakOptions, type LeakOptions } from '../analysis/leak.ts';
import { throwProblems, unknownOptions } from '../options-error.ts';
import type { Profile } from '../profile/profile.ts';
import { lengthIn, noNumbers, ruleProblems } from './question.ts';

/** What is asked of a soak. */
export type SoakQuestion = {
  /** The load. Its longest level is judged; ten minutes of it are the least that tells a slow leak from a warm-up. */
  readonly profile: Profile;
  /** Tells several of one test apart. */
  readonly name?: string;
  /**
   * What the server's process may use at most, MiB: more fails, a leak is told with the time until then, and memory has
   * to be readable.
   */
  readonly limitMb?: number;
  /** What counts as a leak of memory. */
  readonly memory?: Partial<LeakOptions>;
  /** What counts as a leak of open handles; `minGrowth` beside the load's own connections. */
  readonly handles?: Partial<HandleLeakOptions>;
  /** What counts as a drift of latency or throughput. A latency has to differ by `minDifference` milliseconds. */
  readonly drift?: Partial<DriftOptions>;
};

const known = {
  profile: true,
  name: true,
  limitMb: true,
  memory: true,
  handles: true,
  drift: true,
} as const satisfies Record<keyof SoakQuestion, true>;

const growth = { whole: ['blocks', 'minBlocks'], share: ['alpha', 'levellingShare'] } as const;

/** Throws an `OptionsError` for all that is wrong with the question, before a request is sent. */
export function refuseSoak(question: SoakQuestion): void {
  const { profile, limitMb, memory, handles, drift } = question;
  const problems = unknownOptions('load.soak', question, known);
  lengthIn(problems, 'profile', profile);
  if (problems.length === 0 && profile.steady === undefined)
    problems.push(`\`${profile.describe()}\` holds no level: what drifts by itself under it can't be told`);
  problems.push(
    ...noNumbers({ limitMb }),
    ...ruleProblems('memory', memory, { defaults: defaultLeakOptions, ...growth }),
    ...ruleProblems('handles', handles, { defaults: defaultHandleLeakOptions, ...growth }),
    ...ruleProblems('drift', drift, { defaults: defaultDriftOptions, whole: ['minWindows'], share: ['confidence'] }),
  );
  throwProblems(problems);
}
