/** `openSlo('slo.yaml')`: an SLO out of the file in which it is kept for monitoring too. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { show } from './measure/units.ts';
import { OptionsError, refuseNoOptions, throwProblems, unknownOptions } from './options-error.ts';
import { callingFile, libraryFile } from './run/calling-file.ts';
import { dataPath, whyUnusable } from './run/data-path.ts';
import { fileText } from './run/file-text.ts';
import { type LatencyUnit, readOpenSlo } from './verdict/open-slo.ts';
import { type Slo, slo } from './verdict/slo.ts';

/** What an OpenSLO file does not say itself. */
export interface OpenSloOptions {
  /** `metadata.name` of the SLO that is meant, where the file holds several. */
  readonly name?: string;
  /** Says that a `thresholdMetric` is a request's latency, and in which unit: OpenSLO keeps neither. */
  readonly latency?: LatencyUnit;
}

const known = { name: true, latency: true } as const satisfies Record<keyof OpenSloOptions, true>;

const units: readonly unknown[] = ['ms', 's'] satisfies LatencyUnit[];

/**
 * Limits of an OpenSLO file (`openslo/v1`), JSON or YAML; YAML takes the package `yaml`. A `ratioMetric` with a target of
 * 99 % is `errorRate: '<= 1%'`; a `thresholdMetric` that is a latency, with `op: lte`, a value of 200 and a target of 95 %,
 * is `p95: '<= 200ms'`. Time window and alerts are for monitoring, and say nothing of a run. Throws an `OptionsError` for
 * a file that cannot be read, and for whatever would have to be guessed, by the name of its field. A path is relative to
 * the file that calls.
 *
 * @example
 * const availability = openSlo('slo.yaml', { name: 'checkout-availability' });
 * const latency = openSlo('slo.yaml', { name: 'checkout-latency', latency: 'ms' });
 * expect(run).toMeet({ ...availability, ...latency });
 */
export function openSlo(path: string | URL, options: OpenSloOptions = {}): Slo {
  refuseNoOptions('openSlo', options);
  const { name, latency } = options;
  throwProblems([
    ...unknownOptions('openSlo', options, known),
    ...(latency === undefined || units.includes(latency)
      ? []
      : [`\`latency\` must be \`ms\` or \`s\`, got ${show(latency)}`]),
  ]);
  const found = dataPath(path, callingFile(), 'openSlo');
  try {
    const text = fileText(readFileSync(found), { hint: 'OpenSLO is' });
    const read = readOpenSlo(documentsOf(found, text), { name, latency });
    return slo(read.limits, { name: read.name });
  } catch (cause) {
    throw new OptionsError([`OpenSLO file \`${found}\` cannot be used: ${whyUnusable(cause, path)}`]);
  }
}

function documentsOf(path: string, text: string): unknown[] {
  if (!path.toLowerCase().endsWith('.json')) return yaml().parseAllDocuments(text).map(valueOf);
  const read: unknown = JSON.parse(text);
  return Array.isArray(read) ? (read as unknown[]) : [read];
}

function valueOf(document: YamlDocument): unknown {
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document.toJS();
}

interface YamlDocument {
  readonly errors: readonly Error[];
  toJS(): unknown;
}

/** Only who has YAML needs it: it is an optional peer, and asked for when it is needed. */
function yaml(): { readonly parseAllDocuments: (text: string) => readonly YamlDocument[] } {
  const require = createRequire(libraryFile('open-slo'));
  try {
    return require('yaml') as ReturnType<typeof yaml>;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND')) throw cause;
    throw new Error('YAML is read by the package `yaml`, which is not there: `npm install --save-dev yaml`', { cause });
  }
}
