/**
 * Which names the reference tells of together, in the order in which somebody who writes a first load test asks for them.
 * A public name that stands in no group fails `npm run api`.
 */
export interface Group {
  readonly title: string;
  /** What a reader has to know before the names. */
  readonly words: string;
  readonly names: readonly string[];
}

const writing: readonly Group[] = [
  {
    title: 'A load test',
    words:
      "`import { expect, test } from 'playload'`: Playwright's own, with the fixture `load` and `expect(run).toMeet({ … })`.",
    names: ['test', 'expect', 'Load', 'LoadFixtures', 'LoadExpect', 'OptionsError'],
  },
  {
    title: 'Options of a load',
    words:
      'The third argument of `load`, and, where the table says so, `use: { loadOptions: { … } }` for all loads of a project, a file or a group of tests. How the two go together, and what stands in the environment, tells [Options of load](load-options.md).',
    names: ['LoadOptions', 'UseLoadOptions', 'defaultLoadOptions', 'ResendRule'],
  },
  {
    title: 'Profiles: when iterations start',
    words: 'The first argument of `load`. [Load models](load-models.md) tells which one to take.',
    names: [
      ...['users', 'UsersBuilder', 'UsersProfile', 'arrivals', 'ArrivalsBuilder', 'ArrivalOptions', 'Stage'],
      ...['iterations', 'batch', 'batches', 'rounds', 'replay', 'ReplayOptions', 'Replay', 'ReplayedRequest'],
      ...['between', 'constantly', 'normally', 'exponentially', 'Pause', 'Profile'],
    ],
  },
  {
    title: 'The scenario',
    words:
      'The second argument of `load`: your function, called once for each iteration. Requests are counted in rows by method and route template, `GET /shop/:slug`; `name` of a request and `routes` of the load say what a row is called, see [Names of rows](request-context.md#names-of-rows).',
    names: [
      ...['Scenario', 'ScenarioContext', 'LoadRequestContext', 'RequestOptions', 'FetchOptions', 'NewContext'],
      ...['StreamingRequestContext', 'StreamOptions', 'RequestStream', 'StreamEvent', 'StreamResponse', 'StreamEnd'],
      ...['ScenarioMetrics', 'Measure', 'MeasureOptions', 'MeasureContext', 'SampleTags', 'mix', 'WeightedTask'],
    ],
  },
  {
    title: 'WebSockets',
    words:
      '`connect` of a scenario, or of a `user`, and the socket that it opens. [Sockets](sockets.md) tells how they are measured.',
    names: [
      ...['Connect', 'ConnectOptions', 'defaultConnectOptions', 'LoadSocket', 'SocketMessage', 'RoundTripOptions'],
      ...['NextOptions', 'SocketEnd'],
    ],
  },
  {
    title: 'Test data, and users with a life',
    words: 'Rows for iterations (`data`) and for users (`userData`), and what a user does before its first iteration.',
    names: ['feeder', 'FeederOptions', 'CsvOptions', 'FeedOrder', 'Feeder', 'LoadUser', 'Use', 'UserContext'],
  },
  {
    title: 'Limits',
    words:
      "What `expect(run).toMeet({ … })` takes. A limit is a text such as `'< 100ms'`, or a pair of what is aimed at and what is tolerated: `{ target: '< 100ms', acceptable: '< 200ms' }`. A limit without data fails.",
    names: [
      ...['RunLimits', 'EndpointLimits', 'WindowLimits', 'LatencyLimits', 'NetworkLimits', 'GroupLimits'],
      ...['StreamLimits', 'SocketLimits', 'NumberLimits'],
      ...[
        'CheckLimits',
        'MetricLimits',
        'LatencyLimit',
        'ShareLimit',
        'RateLimit',
        'CountLimit',
        'NumberLimit',
        'Either',
      ],
      ...['Duration', 'Percent', 'RateText', 'slo', 'SloOptions', 'Slo', 'openSlo', 'OpenSloOptions'],
    ],
  },
  {
    title: 'A run, and its parts',
    words:
      'What `load` resolves with. Each part can be judged by `expect(part).toMeet({ … })`. Latencies are milliseconds, shares are of 1, rates per second; what was not measured is absent.',
    names: [
      ...['LoadRun', 'EndpointRun', 'TagRun', 'GroupRun', 'MetricRun', 'Timed', 'RowRun', 'Measured', 'Judgement'],
      ...['JudgedThreshold', 'Verdict', 'RequestCounts', 'LatencyStats', 'GroupCounts', 'Goodput', 'ErrorBudget'],
      ...['ErrorBudgetOptions', 'BudgetWindow', 'Steadiness', 'RunFigures', 'EndpointSummary', 'ErrorSummary'],
      ...['GroupSummary', 'NetworkSummary', 'PeerSummary', 'UsersSummary', 'UserStageSummary', 'SloSummary'],
      ...['ThresholdSummary', 'GeneratorVerdict', 'StreamSummary', 'TokenSummary', 'SocketSummary'],
    ],
  },
  {
    title: 'A page beside a load',
    words:
      'The fixture `probe` looks at a real page while the loads of its test run; `expect(ux).toMeet({ … })` judges what it showed. [Pages under load](pages.md) tells how.',
    names: [
      ...[
        'ProbePage',
        'ProbeOptions',
        'defaultProbeOptions',
        'ProbeFunction',
        'ProbeContext',
        'PageProbe',
        'ProbeLimits',
      ],
      ...['PageTimeLimits', 'PageShiftLimits', 'PageAddedLimits', 'ProbeSummary', 'ProbePhase', 'ProbeStats'],
      ...['ProbeRound', 'Vital'],
    ],
  },
  {
    title: 'Questions that take several loads',
    words:
      'Each is a property of the fixture `load`, and ends in a finding in every report; [Analysis](analysis.md) tells when to ask which.',
    names: [
      ...['Experiments', 'ExperimentOptions', 'BreakingPointQuestion', 'BreakingPointFound', 'CapacityStep'],
      ...['ComparisonQuestion', 'ComparedServer', 'defaultComparison', 'ComparisonFound', 'RecoveryQuestion'],
      ...['RecoveryFound', 'SoakQuestion', 'Soak', 'FindingVerdict'],
    ],
  },
  {
    title: 'Several processes',
    words: 'Where a test stands in a load that several cores or shards send; see [Scaling](scaling.md).',
    names: ['LoadSegment', 'Share'],
  },
];

const reporting: readonly Group[] = [
  {
    title: 'The reporter',
    words:
      "`reporter: [['playload/reporter', { … }], ['html']]` in the configuration. It stands before `html`, whose page it adds charts to.",
    names: ['LoadReporterOptions', 'ExportOptions', 'ReceiverOptions', 'OtlpOptions', 'RemoteWriteOptions'],
  },
];

const analysing: readonly Group[] = [
  {
    title: 'Analysis: capacity',
    words:
      'From here on names are imported from `playload/analysis`: statistics over several runs or over a process that was watched. `load.breakingPoint` and its like work with them.',
    names: [
      ...['breakingPointSearch', 'BreakingPointOptions', 'BreakingPointSearch', 'NextStep', 'StepPurpose', 'judgeStep'],
      ...['LoadStep', 'Objective', 'defaultObjective', 'StepOutcome', 'StepPromise', 'BreakingPoint', 'LevelOf'],
      ...['LevelTally', 'describeBreakingPoint', 'formatLevel', 'fitScalabilityLaw', 'ScalingPoint', 'ScalabilityLaw'],
    ],
  },
  {
    title: 'Analysis: comparison',
    words: 'Two servers, or two builds, by pairs of blocks.',
    names: [
      ...['comparePairs', 'Pair', 'PairedOptions', 'PairedComparison', 'describePairs', 'compareBlocks'],
      ...['ComparedPair', 'ComparedBlock', 'ComparedMetric', 'ComparisonOptions', 'defaultTolerances', 'Comparison'],
      ...['MetricComparison', 'LostShares', 'describeComparison', 'SideNames', 'blockOrder'],
    ],
  },
  {
    title: 'Analysis: over time',
    words: 'Recovery after a stress, leaks, and drifts of a long run.',
    names: [
      ...['timeToRecovery', 'RecoveryParts', 'RecoveryOptions', 'RecoveryWindow', 'Recovery', 'describeRecovery'],
      ...['cpuReturn', 'CpuRecoveryOptions', 'CpuRecovery', 'describeCpuRecovery', 'memoryGrowth'],
      ...['MemoryGrowthOptions', 'MemoryGrowth', 'describeMemoryGrowth', 'findLeak', 'LeakParts', 'MemoryReading'],
      ...['LeakOptions', 'Leak', 'describeLeak', 'findHandleLeak', 'HandleLeakParts', 'HandleReading'],
      ...['HandleLeakOptions', 'HandleLeak', 'describeHandleLeak', 'findDrift', 'DriftWindow', 'DriftOptions'],
      ...['Drift', 'describeDrift', 'Benchmark'],
    ],
  },
  {
    title: 'Analysis: numbers, and data of results',
    words: 'Figures as every report prints them, processes that were watched, and what `summary.json` holds.',
    names: [
      ...['formatMs', 'formatDuration', 'formatRate', 'formatPercent', 'formatCount', 'formatMb', 'ResourceSeries'],
      ...['ResourceSample', 'ResourcePhase', 'ResourceSummary', 'Summary', 'RunSummary', 'Environment', 'Unfinished'],
    ],
  },
];

/** Types that no entry exports, but that others name: told of so that a reader can look them up. */
export const behindTitle = 'Types behind them';

export const groups: readonly Group[] = [...writing, ...reporting, ...analysing];
