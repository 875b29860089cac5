/**
 * Keeps what scenarios assert and do out of Playwright's report. Playwright makes a step of every `expect` and `test.step`,
 * by whichever import they are called: half a millisecond and 17 KB that the worker keeps until the test ends. In a scenario
 * an assertion leaves its failure only, and a `test.step` is a group.
 *
 * There is no public way to say so. The one private name that it takes, `TestInfo._addStep`, is looked at before
 * it is used: where a Playwright has another, everything works as it would without this, and the run says why it is slow.
 */
import type { TestInfo } from '@playwright/test';
import { formatCount, show } from '../measure/units.ts';
import { currentScenario, type EndPart, type ScenarioLife } from '../run/scenario-zone.ts';
import { leaveStacksUnread } from './unread-stacks.ts';

/** A step as far as whoever makes it looks at it. */
interface Step {
  readonly stepId: string;
  readonly info?: object;
}

interface StepData {
  readonly category: string;
  readonly title: string;
}

interface StepMaker {
  _addStep: (data: StepData, parent?: Step) => Step;
  _parentStep: () => Step | undefined;
}

/** What is said of a Playwright that makes its steps otherwise. */
export const unknownSteps =
  'this version of Playwright makes a step of every `expect` and `test.step` in a scenario, in a way that is not known here: they are slow, and fill the memory';

/** Steps that are not made, while a load runs. */
export interface UnreportedSteps {
  /** Assertions that hold, and that Playwright itself has looked at meanwhile, in all scenarios of the test. */
  readonly assertions: number;
  /** Steps are made again, unless another load runs. */
  readonly end: () => void;
}

/** From so many on, Playwright's own assertions take a share of the generator's time that a reader should know of. */
const manyAssertions = 1_000;

/** What Playwright's own assertions have cost a load, in words, if it was much. */
export function burdenOf(steps: UnreportedSteps | undefined): string | undefined {
  const { assertions = 0 } = steps ?? {};
  if (assertions < manyAssertions) return undefined;
  return `Playwright's own \`expect\` was asked ${formatCount(assertions)} times in its scenarios, which takes many times as long as what that of playload decides at a glance: import \`expect\` from playload in client classes`;
}

interface Look {
  loads: number;
  assertions: number;
  /** Makes steps as they were made before. */
  restore: () => void;
}

/** Tests whose steps are looked at: the loads that look, and the assertions they have seen. */
const looking = new WeakMap<object, Look>();

/**
 * From now on the scenarios of a test make no steps, until that is ended. Undefined where this version of Playwright has
 * another way to make them.
 */
export function leaveStepsUnreported(testInfo: TestInfo): UnreportedSteps | undefined {
  if (!isStepMaker(testInfo)) return undefined;
  const look = looking.get(testInfo) ?? { loads: 0, assertions: 0, restore: () => undefined };
  looking.set(testInfo, look);
  if (look.loads === 0) lookAtSteps(testInfo, look);
  look.loads += 1;
  const before = look.assertions;
  const readStacks = leaveStacksUnread();
  let isOver = false;
  return {
    get assertions() {
      return look.assertions - before;
    },
    end: () => {
      if (isOver) return;
      isOver = true;
      readStacks();
      look.loads -= 1;
      if (look.loads === 0) look.restore();
    },
  };
}

function isStepMaker(testInfo: object): testInfo is StepMaker {
  const { _addStep: add, _parentStep: parent } = testInfo as Partial<StepMaker>;
  return typeof add === 'function' && typeof parent === 'function';
}

/** Lies over the method of the class, or over what lies there already. */
function lookAtSteps(testInfo: StepMaker, look: Look): void {
  const before = Object.getOwnPropertyDescriptor(testInfo, '_addStep');
  look.restore = () => {
    if (before === undefined) Reflect.deleteProperty(testInfo, '_addStep');
    else Object.defineProperty(testInfo, '_addStep', before);
  };
  const add = testInfo._addStep.bind(testInfo);
  testInfo._addStep = (data, given) => {
    const life = currentScenario();
    if (life === undefined) return add(data, given);
    const around = given ?? testInfo._parentStep();
    const reported = around instanceof UnreportedStep ? around.reported : around;
    return unreported.has(data.category)
      ? new UnreportedStep(data, { life, around, reported, testInfo, look })
      : add(data, reported);
  };
}

/** Others are rare, or were asked for: an attachment, and the requests of `transport: 'playwright'`. */
const unreported: ReadonlySet<string> = new Set(['expect', 'test.step']);

interface Surroundings {
  readonly life: ScenarioLife;
  readonly around: Step | undefined;
  /** The innermost step around it that the report shows. */
  readonly reported: Step | undefined;
  readonly testInfo: object;
  readonly look: Look;
}

type InfoMaker = new (testInfo: object, stepId: string, title: string, parent: object | undefined) => object;

/** Takes the place of a step of Playwright's: nobody is told of it, and nothing keeps it. */
class UnreportedStep implements Step {
  readonly stepId = 'in a scenario';
  readonly category: string;
  readonly steps: readonly never[] = [];
  readonly stack: readonly never[] = [];
  readonly reported: Step | undefined;
  /** What the body of a `test.step` is handed; of an assertion, that of the step around it. */
  readonly info?: object;
  readonly #life: ScenarioLife;
  readonly #look: Look;
  readonly #endPart: EndPart | undefined;
  #isOver = false;

  constructor({ category, title }: StepData, { life, around, reported, testInfo, look }: Surroundings) {
    this.category = category;
    this.reported = reported;
    this.#life = life;
    this.#look = look;
    const { info } = around ?? {};
    if (category !== 'test.step') {
      if (info !== undefined) this.info = info; // a step that a polling assertion makes looks for it
      return;
    }
    if (info !== undefined)
      this.info = withoutLateErrors(
        new (info.constructor as InfoMaker)(testInfo, this.stepId, title, info),
        () => this.#isOver,
      );
    this.#endPart = life.beginPart(title);
  }

  complete({ error, softError }: { readonly error?: unknown; readonly softError?: unknown }): void {
    this.#isOver = true;
    if (this.category === 'expect' && error === undefined) this.#look.assertions += 1;
    this.#endPart?.(isSkipped(this.info) ? 'skipped' : error === undefined ? 'ok' : 'failed');
    if (softError !== undefined)
      this.#life.failSoftly(softError instanceof Error ? softError.message : show(softError));
  }
}

/**
 * Playwright fails the test by what the body of a step throws after the step's timeout. Here the step is over: it has failed
 * its iteration, and thousands of them would be as many errors of the test.
 */
function withoutLateErrors(info: object, isOver: () => boolean): object {
  const run: unknown = Reflect.get(info, '_runStepBody');
  if (typeof run !== 'function') return info;
  const runBody = async (...args: readonly unknown[]): Promise<unknown> => {
    try {
      return (await Reflect.apply(run, info, args)) as unknown;
    } catch (error) {
      if (isOver()) return undefined;
      throw error;
    }
  };
  return Object.defineProperty(info, '_runStepBody', { value: runBody });
}

/** By `test.step.skip`, or by its own body: it has taken no time that is worth a figure. */
function isSkipped(info: object | undefined): boolean {
  const { annotations = [] } = (info ?? {}) as { readonly annotations?: readonly { readonly type: string }[] };
  return annotations.some(({ type }) => type === 'skip');
}
