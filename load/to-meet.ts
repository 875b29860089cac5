/**
 * `expect(run).toMeet({ p95: '< 200ms' })`: puts thresholds on a run and judges them, unless this is one segment of
 * several: then they are recorded, and judged once on the merged numbers.
 */
import { expect as playwrightExpect, test, type TestInfo } from '@playwright/test';
import { quickInScenarios } from './expect/in-scenarios.ts';
import { describeNextAssertion } from './expect/next-assertion.ts';
import { type LoadRun, Measured, type Part, partOf } from './load-run.ts';
import { loadsOf, severalLoads } from './several-loads.ts';
import { awaitsMerge, lostGenerators } from './measure/segment-place.ts';
import { show } from './measure/units.ts';
import { OptionsError } from './options-error.ts';
import { PageProbe } from './probe/page-probe.ts';
import { isHandedOver, isJudgedElsewhere, isUnderTest } from './runs-under-test.ts';
import { describeThresholds } from './verdict/describe.ts';
import { judgeRun, judgeThreshold } from './verdict/judge.ts';
import type { RunLimits } from './verdict/limits.ts';
import { limitWords } from './verdict/limit-words.ts';
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
    const loads = subject instanceof PageProbe ? PageProbe.loadsOf(subject) : (loadsOf(subject) ?? [data]);
    const slo = nameOfSlo(limits);
    const thresholds = parseLimits(limits, {
      ...wholeRun(data.plan),
      scope,
      ...(window !== undefined && { window }),
    }).map((threshold) => (slo === undefined ? threshold : { ...threshold, slo }));
    const over = loads.find(isHandedOver);
    if (over !== undefined)
      throw new OptionsError([
        `\`${over.plan.profile}\` was measured in a test that is over, and its results are handed over: judge it in the test that loads`,
      ]);
    if (this.isNot) throw new OptionsError(['`toMeet` has no opposite: turn the comparison round, `> 1s` for `< 1s`']);
    for (const load of loads) load.thresholds.push(...thresholds);
    const judgedOn = subject instanceof PageProbe ? loads : [data]; // each load by itself
    const judged = judgedOn.flatMap((load) => thresholds.map((threshold) => judgeThreshold(load, threshold)));
    const missed = judged.filter(({ verdict }) => verdict === 'failed');
    const isLeft = loads.some((load) => awaitsMerge(load) || isJudgedElsewhere(load));
    const isWhole = loads.every((load) => lostGenerators(load).length === 0);
    return {
      name: 'toMeet',
      pass: isLeft || (isWhole && missed.length === 0),
      message: () => {
        const [bad] = loads.map(judgeRun).filter(({ verdict: worst }) => worst === 'invalid' || worst === 'incomplete');
        const head = bad === undefined ? '' : `${bad.verdict}: ${bad.reason}\n\n`;
        return `${head}${loads.map(({ plan }) => plan.profile).join(', ')}: ${missed.length} of ${judged.length} thresholds missed\n\n${describeThresholds(data, judged)}`;
      },
      expected: Object.fromEntries(judged.map(({ metric, expected }) => [metric, expected])),
      actual: Object.fromEntries(judged.map(({ metric, actual }) => [metric, actual])),
    };
  },
});

/** `expect` of a load test: Playwright's, and what is asked of several loads. */
export type LoadExpect = typeof hard & {
  /**
   * Several loads of one test judged as one, their numbers added exactly: requests, iterations, checks and histograms; the
   * time is from the first start to the last end. What is missed is missed by each of them. Throws an `OptionsError` for
   * fewer than two, one that is given twice, loads of other tests or of several models.
   *
   * @example
   * expect.loads(readers, writers).toMeet({ errorRate: '< 1%', p95: '< 200ms' });
   */
  readonly loads: (...runs: readonly LoadRun[]) => { readonly toMeet: (limits: RunLimits) => void };
};

function expectLoads(...runs: readonly LoadRun[]): { readonly toMeet: (limits: RunLimits) => void } {
  return expect(severalLoads(runs));
}

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
export const expect: LoadExpect = quickInScenarios(
  Object.assign(hard, { loads: expectLoads }),
  (target, subject, message) =>
    subject instanceof Measured
      ? sayingLimits((isUnderTest(partOf(subject).data) ? target.soft : target)(subject, message))
      : target(subject, message),
);

function infoNow(): TestInfo | undefined {
  try {
    return test.info();
  } catch {
    return undefined; // no test is running, so there will be no step
  }
}

/** Its step names the limits. A wrapper would stand between the spec and the error, so the matcher itself is handed out. */
function sayingLimits<Matchers extends object>(matchers: Matchers): Matchers {
  for (const each of [matchers, (matchers as { readonly not?: object }).not]) {
    const toMeet: unknown = each && Reflect.get(each, 'toMeet');
    if (each === undefined || typeof toMeet !== 'function') continue;
    Object.defineProperty(each, 'toMeet', {
      get: () => {
        const testInfo = infoNow();
        if (testInfo !== undefined) describeNextAssertion(testInfo, limitWords);
        return toMeet;
      },
    });
  }
  return matchers;
}

function requirePart(subject: unknown): Part {
  if (subject instanceof Measured) return partOf(subject);
  throw new OptionsError([
    `\`toMeet\` judges what \`load\` resolves with, or a part of it, got ${show(subject)}; was an \`await\` forgotten?`,
  ]);
}
