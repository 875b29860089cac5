/** All runs in the form of the result contract, and where they were measured. */
import { arch, cpus, hostname, release, type } from 'node:os';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import { sourceContextOf } from '../../load/measure/source-context.ts';
import { type Environment, type Summary, summarySchema } from '../../load/measure/summary.ts';
import { worstVerdict } from '../../load/verdict/verdict-order.ts';
import type { CollectedFinding } from './collected-finding.ts';
import type { CollectedRun } from './collected-run.ts';

export interface SuiteTimes {
  readonly startedAt: Date;
  readonly durationMs: number;
}

export interface Results {
  readonly runs: readonly CollectedRun[];
  readonly findings: readonly CollectedFinding[];
}

export function summaryOf({ runs, findings }: Results, times: SuiteTimes, environment: Environment): Summary {
  const present = new Set(runs.flatMap(({ segments }) => segments.present));
  return {
    schema: summarySchema,
    verdict: verdictOf(runs, findings),
    startedAt: times.startedAt.toISOString(),
    durationMs: Math.round(times.durationMs),
    segments: {
      expected: Math.max(1, ...runs.map(({ segments }) => segments.expected)),
      present: [...present].sort((a, b) => a - b),
    },
    environment,
    runs: runs.map(({ summary }) => summary),
    ...(findings.length > 0 && { findings: findings.map(({ summary }) => summary) }),
  };
}

/**
 * Without any run nothing has passed. A failure that its author wants leaves the rest as it is; what was asked of a finding
 * and holds has passed, though its runs were only measured.
 */
function verdictOf(runs: readonly CollectedRun[], findings: readonly CollectedFinding[]): Summary['verdict'] {
  if (runs.length === 0) return 'incomplete';
  const told = findings.filter(({ summary }) => summary.expectedToFail !== true);
  return worstVerdict([
    ...runs.flatMap(({ summary }) => (summary.expectedToFail === true ? [] : [summary.verdict])),
    ...told.flatMap(({ summary: { verdict } }) => (isAnswer(verdict) ? [verdict] : [])),
  ]);
}

/** What could not be told from so little, and what was only measured, say nothing of the whole. */
function isAnswer(verdict: FindingVerdict): verdict is 'failed' | 'invalid' | 'passed' {
  return verdict === 'failed' || verdict === 'invalid' || verdict === 'passed';
}

/** Of the machine that writes the report; after a merge that need not be one of those that sent the load. */
export function environmentHere(folder: string, env: NodeJS.ProcessEnv): Environment {
  const cores = cpus();
  return {
    node: process.version,
    os: `${type()} ${release()} ${arch()}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    host: hostname(),
    ...sourceContextOf(folder, env),
  };
}
