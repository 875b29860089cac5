/**
 * The baseline file: the last few accepted runs on one kind of machine, to compare the next run with. It is plain
 * JSON that is committed or cached by CI, so it is read with suspicion.
 */

/** What must be alike for numbers to be comparable. An absent entry is compared like any other. */
export type Fingerprint = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** Whatever else sets a run apart: CI runner, transport, hash of the scenario. */
  readonly labels: Readonly<Record<string, string>>;
};

/** Of one endpoint in one run. Times in ms. */
export type EndpointFigures = {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly throughputPerSec: number;
  /** 0 to 1. */
  readonly errorRate: number;
};

export type BaselineRun = {
  /** ISO 8601. */
  readonly at: string;
  readonly commit?: string;
  readonly endpoints: Readonly<Record<string, EndpointFigures>>;
};

export type Baseline = {
  readonly schema: typeof baselineSchema;
  readonly fingerprint: Fingerprint;
  /** Oldest first. */
  readonly runs: readonly BaselineRun[];
};

export const baselineSchema = 'playload.baseline/1';

/** Runs that a baseline keeps; older ones are of another time. */
export const defaultKeptRuns = 10;

export type Added = {
  readonly baseline: Baseline;
  /** On another machine or with another scenario the old runs mean nothing: a new baseline is begun. */
  readonly begun: boolean;
};

/** A baseline with one more accepted run. Give it only runs that passed, or a regression becomes the norm. */
export function addToBaseline(
  baseline: Baseline | undefined,
  {
    fingerprint,
    run,
    keep = defaultKeptRuns,
  }: { readonly fingerprint: Fingerprint; readonly run: BaselineRun; readonly keep?: number },
): Added {
  const begun = !baseline || fingerprintDifferences(baseline.fingerprint, fingerprint).length > 0;
  const runs = [...(begun ? [] : baseline.runs), run].slice(-keep);
  return { baseline: { schema: baselineSchema, fingerprint, runs }, begun };
}

/** What differs, as text: `cores: 2, now 8`. Empty when the two are comparable. */
export function fingerprintDifferences(before: Fingerprint, now: Fingerprint): string[] {
  const flat = ({ labels, ...own }: Fingerprint): Map<string, string> =>
    new Map([...Object.entries(own), ...Object.entries(labels)].map(([key, value]) => [key, String(value)]));
  const [old, current] = [flat(before), flat(now)];
  const keys = [...new Set([...old.keys(), ...current.keys()])];
  return keys
    .filter((key) => old.get(key) !== current.get(key))
    .map((key) => `${key}: ${old.get(key) ?? 'absent'}, now ${current.get(key) ?? 'absent'}`);
}

export type ParsedBaseline =
  | { readonly kind: 'baseline'; readonly baseline: Baseline }
  | { readonly kind: 'unusable'; readonly problems: readonly string[] };

/** Reads the text of a baseline file; a damaged or foreign one is told apart in words, all problems at once. */
export function parseBaseline(text: string): ParsedBaseline {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'unusable', problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const problems = baselineProblems(json);
  return problems.length > 0 ? { kind: 'unusable', problems } : { kind: 'baseline', baseline: json as Baseline };
}

function baselineProblems(json: unknown): string[] {
  if (!isRecord(json)) return ['not an object'];
  if (json['schema'] !== baselineSchema)
    return [`\`schema\` must be "${baselineSchema}", got ${JSON.stringify(json['schema'])}`];
  const runs = json['runs'];
  return [
    ...fingerprintProblems(json['fingerprint']),
    ...(Array.isArray(runs) ? runs.flatMap((run, at) => runProblems(run, `runs[${at}]`)) : ['`runs` must be an array']),
  ];
}

function fingerprintProblems(value: unknown): string[] {
  if (!isRecord(value)) return ['`fingerprint` must be an object'];
  const wrong = (key: string, type: 'string' | 'number'): string[] =>
    typeof value[key] === type ? [] : [`\`fingerprint.${key}\` must be a ${type}`];
  const labels = value['labels'];
  const labelled = isRecord(labels) && Object.values(labels).every((label) => typeof label === 'string');
  return [
    ...['cpu', 'os', 'node'].flatMap((key) => wrong(key, 'string')),
    ...['cores', 'memoryGb'].flatMap((key) => wrong(key, 'number')),
    ...(labelled ? [] : ['`fingerprint.labels` must be an object of strings']),
  ];
}

const timeFigures = ['mean', 'p50', 'p95', 'p99'] as const;

function runProblems(run: unknown, at: string): string[] {
  if (!isRecord(run)) return [`\`${at}\` must be an object`];
  const endpoints = run['endpoints'];
  return [
    ...(typeof run['at'] === 'string' ? [] : [`\`${at}.at\` must be a string`]),
    ...(isRecord(endpoints)
      ? Object.entries(endpoints).flatMap(([name, figures]) =>
          figureProblems(figures, `${at}.endpoints[${JSON.stringify(name)}]`),
        )
      : [`\`${at}.endpoints\` must be an object`]),
  ];
}

function figureProblems(figures: unknown, at: string): string[] {
  if (!isRecord(figures)) return [`\`${at}\` must be an object`];
  const within = (key: string, ok: (value: number) => boolean, text: string): string[] => {
    const value = figures[key];
    return typeof value === 'number' && ok(value) ? [] : [`\`${at}.${key}\` must be ${text}`];
  };
  return [
    ...timeFigures.flatMap((key) => within(key, (value) => value > 0, 'a time above 0')),
    ...within('count', (value) => Number.isInteger(value) && value > 0, 'a whole number above 0'),
    ...within('throughputPerSec', (value) => value >= 0, 'a rate'),
    ...within('errorRate', (value) => value >= 0 && value <= 1, 'a share from 0 to 1'),
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
