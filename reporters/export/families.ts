/** All families of an export. */
import type { Environment, FindingSummary } from '../../load/measure/summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import { exportedRuns } from './exported-run.ts';
import { findingFamilies } from './finding-families.ts';
import type { Family } from './metric-family.ts';
import { networkFamilies } from './network-families.ts';
import { requestFamilies } from './request-families.ts';
import { scenarioFamilies } from './scenario-families.ts';
import { stateFamilies } from './state-families.ts';
import { streamFamilies } from './stream-families.ts';

/** What is exported. */
export interface Exported {
  readonly runs: readonly ReportedRun[];
  readonly findings?: readonly FindingSummary[];
  readonly environment?: Partial<Environment>;
  /** When the command began, ISO 8601: the moment of what rests on no run. */
  readonly startedAt?: string;
}

/** Those that have series. */
export function familiesOf({
  runs,
  findings = [],
  environment = {},
  startedAt = new Date(0).toISOString(),
}: Exported): Family[] {
  const exported = exportedRuns(runs);
  return [
    ...requestFamilies(exported),
    ...streamFamilies(exported),
    ...scenarioFamilies(exported),
    ...networkFamilies(exported),
    ...stateFamilies(exported, environment),
    ...findingFamilies(exported, findings, Date.parse(startedAt)),
  ].filter(({ series }) => series.length > 0);
}
