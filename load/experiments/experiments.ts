/** What `load` answers beside running one load: each a property of the fixture, and a finding in every report. */
import type { LoadOptions } from '../run/load-options.ts';
import type { Scenario } from '../run/scenario.ts';
import { OptionsError, throwProblems } from '../options-error.ts';
import { type BreakingPointFound, type BreakingPointQuestion, findBreakingPoint } from './breaking-point.ts';
import { compareServers } from './compare.ts';
import type { ComparisonFound } from './comparison-finding.ts';
import type { ComparisonQuestion } from './comparison-question.ts';
import type { ExperimentOptions, Laboratory } from './experiment.ts';
import { findRecovery } from './recovery.ts';
import type { RecoveryFound } from './recovery-found.ts';
import type { RecoveryQuestion } from './recovery-question.ts';
import { soak, type Soak } from './soak.ts';
import type { SoakQuestion } from './soak-question.ts';

/** Questions that take several loads; each is a property of the fixture `load`. */
export interface Experiments {
  /**
   * Finds the highest rate, or number of users, at which the server keeps an SLO: a ramp until a level fails twice,
   * bisection, confirmation. Resolves with the bracket, what broke first, and a table of the steps; the answer is also a
   * finding in every report. A test fails by it where `atLeast` is not sustained, where not even the lowest level is, and
   * where nothing could be told. Rejects with an `OptionsError` before anything is sent when something is wrong with the
   * question, or under shards.
   *
   * @example
   * const found = await load.breakingPoint(
   *   { slo: { p95: '< 100ms', errorRate: '< 1%' }, from: '50/s', to: '800/s' },
   *   ({ request }) => request.get('/health'),
   * );
   * expect(found.sustained).toBeGreaterThan(200);
   */
  breakingPoint<Row = undefined, State = undefined, UserRow = undefined>(
    question: BreakingPointQuestion,
    scenario: Scenario<Row, State, UserRow>,
    options?: ExperimentOptions<Row, State, UserRow>,
  ): Promise<BreakingPointFound>;

  /**
   * Compares two servers, such as two builds, in one run: short blocks of load on each in turn, judged pair by pair
   * (Hodges–Lehmann, Wilcoxon), so that a machine that is slow now and then is slow for both. Resolves with the ratio of
   * each latency and its interval; the answer is also a finding in every report. A test fails by it where `b` is slower by
   * more than is allowed, loses more of its requests or dies, and where nothing could be told; too little to tell them
   * apart is `inconclusive`, which fails only with `failOnInconclusive`. The scenario gives paths: each block says whose.
   * Rejects with an `OptionsError` before anything is sent when something is wrong with the question, or under shards.
   *
   * @example
   * await load.compare(
   *   { a: 'http://127.0.0.1:8002', b: 'http://127.0.0.1:8003', rate: '100/s' },
   *   ({ request }) => request.get('/health'),
   * );
   */
  compare<Row = undefined, State = undefined, UserRow = undefined>(
    question: ComparisonQuestion,
    scenario: Scenario<Row, State, UserRow>,
    options?: ExperimentOptions<Row, State, UserRow>,
  ): Promise<ComparisonFound>;

  /**
   * How long a server needs after a stress until it answers as before: a probe at one steady rate runs before, during and
   * after it. A test fails by it where the server is not back `within` 30 s, where the CPU of its process is not, or its
   * memory does not settle, where that process is known; and where nothing could be told. Rejects with an `OptionsError`
   * before anything is sent when something is wrong with the question, or under shards.
   *
   * @example
   * const { recoveredAfterMs } = await load.recovery(
   *   { probe: '100/s', stress: users(200).for('10s'), within: '20s' },
   *   ({ request }) => request.get('/health'),
   * );
   */
  recovery<Row = undefined, State = undefined, UserRow = undefined>(
    question: RecoveryQuestion<Row, State, UserRow>,
    scenario: Scenario<Row, State, UserRow>,
    options?: ExperimentOptions<Row, State, UserRow>,
  ): Promise<RecoveryFound>;

  /**
   * Whether a server stays what it was under a long steady load: leaks of memory and of open handles of its process, where
   * that is known, and drifts of latency and throughput, each a finding. A test fails by a leak, a drift for the worse, a
   * process that ended, and where the load came to nothing; a soak too short to tell fails nothing and says what it could
   * not have seen. Its run is not judged for itself: `expect(soak.run).toMeet(…)` does that. Rejects with an
   * `OptionsError` before anything is sent when something is wrong with the question, or under shards.
   *
   * @example
   * const soak = await load.soak(
   *   { profile: arrivals('200/s').for('10m'), limitMb: 512 },
   *   ({ request }) => request.get('/health'),
   * );
   * expect(soak.run).toMeet({ successRate: '> 99.9%' });
   */
  soak<Row = undefined, State = undefined, UserRow = undefined>(
    question: SoakQuestion,
    scenario: Scenario<Row, State, UserRow>,
    options?: ExperimentOptions<Row, State, UserRow>,
  ): Promise<Soak>;
}

export interface ExperimentParts extends Laboratory {
  /** Throws where this process is a shard of several. */
  refuseShards(what: string): void;
  /** The end of the test waits for what is said by then. */
  untilSaid<Value>(experiment: Promise<Value>): Promise<Value>;
}

export function experimentsOf(laboratory: ExperimentParts): Experiments {
  let running: string | undefined;
  /** One at a time: two would measure each other. */
  const alone = async <Found>(what: string, asked: readonly [unknown, object], find: () => Promise<Found>) => {
    begin(laboratory, what, ...asked);
    if (running !== undefined)
      throw new OptionsError([
        `\`${what}\` began while \`${running}\` was running, and each would measure the other: \`await\` the one before the other`,
      ]);
    running = what;
    try {
      return await laboratory.untilSaid(find());
    } finally {
      running = undefined;
    }
  };
  return {
    breakingPoint: async (question, scenario, options = {}) =>
      alone('load.breakingPoint', [question, options], async () =>
        findBreakingPoint(laboratory, question, { scenario, options }),
      ),
    compare: async (question, scenario, options = {}) =>
      alone('load.compare', [question, options], async () =>
        compareServers(laboratory, question, { scenario, options }),
      ),
    recovery: async (question, scenario, options = {}) =>
      alone('load.recovery', [question, options], async () =>
        findRecovery(laboratory, question, { scenario, options }),
      ),
    soak: async (question, scenario, options = {}) =>
      alone('load.soak', [question, options], async () => soak(laboratory, question, { scenario, options })),
  };
}

/** What an experiment says of its loads itself. */
const ownWords = {
  name: 'it names its loads by what they are for: `name` belongs to the question',
  unjudged: 'it judges its loads itself',
  whenSaturated: 'it looks after the generator itself',
  startAfter: 'it says itself when a load begins',
} as const satisfies { readonly [Option in keyof LoadOptions]?: string };

function begin(laboratory: ExperimentParts, what: string, question: unknown, options: object): void {
  throwProblems([
    ...(typeof question !== 'object' || question === null
      ? [`the first argument of \`${what}\` is an object that says what is asked`]
      : []),
    ...Object.entries(ownWords).flatMap(([option, why]) =>
      Object.hasOwn(options, option) ? [`\`${option}\` is no option of \`${what}\`: ${why}`] : [],
    ),
  ]);
  laboratory.refuseShards(what);
}
