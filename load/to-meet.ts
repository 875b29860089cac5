/**
 * `expect(run).toMeet({ p95: '< 200ms' })`: puts thresholds on a run and judges them, unless this is one segment of
 * several: then they are recorded, and judged once on the merged numbers.
 */
import { expect as playwrightExpect } from '@playwright/test';
import { quickInScenarios } from './expect/in-scenarios.ts';
import { Measured, type Part, partOf } from './load-run.ts';
import { awaitsMerge, lostGenerators } from './measure/segment-place.ts';
import { show } from './measure/units.ts';
import { OptionsError } from './options-error.ts';
import { isHandedOver, isJudgedElsewhere, isUnderTest } from './runs-under-test.ts';
import { describeThresholds } from './verdict/describe.ts';
import { judgeRun, judgeThreshold } from './verdict/judge.ts';
import { parseLimits, wholeRun } from './verdict/parse-limits.ts';
import { nameOfSlo } from './verdict/slo.ts';

/** The limits that go with what `expect` was given; nothing goes with anything but a run or a part of one. */
export type LimitsOf<Subject> = Subject extends Measured<infer Limits> ? Limits : never;

declare global {
  export namespace PlaywrightTest {
    // The parameters' names and order are Playwright's.
    export interface Matchers<R, T = unknown> {
      /** Judges a run, or a part of one, by limits. Throws at a limit of unknown form, fails at one that is not met. */
      toMeet(limits: LimitsOf<T>): R;
    }
  }
}

const hard = playwrightExpect.extend({
  toMeet(subject: Measured<never>, limits: object) {
    const { data, scope, window } = requirePart(subject);
    const slo = nameOfSlo(limits);
    const thresholds = parseLimits(limits, {
      ...wholeRun(data.plan),
      scope,
      ...(window !== undefined && { window }),
    }).map((threshold) => (slo === undefined ? threshold : { ...threshold, slo }));
    if (isHandedOver(data))
      throw new OptionsError([
        `\`${data.plan.profile}\` was measured in a test that is over, and its results are handed over: judge it in the test that loads`,
      ]);
    if (this.isNot) throw new OptionsError(['`toMeet` has no opposite: turn the comparison round, `> 1s` for `< 1s`']);
    data.thresholds.push(...thresholds);
    const judged = thresholds.map((threshold) => judgeThreshold(data, threshold));
    const missed = judged.filter(({ verdict }) => verdict === 'failed');
    const isLeft = awaitsMerge(data) || isJudgedElsewhere(data);
    const isWhole = lostGenerators(data).length === 0;
    return {
      name: 'toMeet',
      pass: isLeft || (isWhole && missed.length === 0),
      message: () => {
        const { verdict, reason } = judgeRun(data);
        const head = verdict === 'invalid' || verdict === 'incomplete' ? `${verdict}: ${reason}\n\n` : '';
        return `${head}${data.plan.profile}: ${missed.length} of ${judged.length} thresholds missed\n\n${describeThresholds(data, judged)}`;
      },
      expected: Object.fromEntries(judged.map(({ metric, expected }) => [metric, expected])),
      actual: Object.fromEntries(judged.map(({ metric, actual }) => [metric, actual])),
    };
  },
});

/**
 * Playwright's `expect` with `toMeet`. For a run of the test at hand it is a soft assertion, as Playwright calls it: a
 * missed limit fails the test and lets it go on, so that what comes after it is judged too, as the merge of shards does.
 * Throws an `OptionsError` for limits of unknown form, and for what is no run.
 *
 * In a scenario it makes no steps: what fails has failed the iteration, by its message.
 *
 * @example
 * expect(run).toMeet({ successRate: '> 99.9%', p95: { target: '< 50ms', acceptable: '< 200ms' } });
 */
export const expect: typeof hard = quickInScenarios(hard, (target, subject, message) =>
  subject instanceof Measured && isUnderTest(partOf(subject).data)
    ? target.soft(subject, message)
    : target(subject, message),
);

function requirePart(subject: unknown): Part {
  if (subject instanceof Measured) return partOf(subject);
  throw new OptionsError([
    `\`toMeet\` judges what \`load\` resolves with, or a part of it, got ${show(subject)}; was an \`await\` forgotten?`,
  ]);
}
