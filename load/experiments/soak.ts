/**
 * `load.soak`: does a server stay what it was under a long steady load? One load, and what a trend says of the memory and
 * the open handles of its process, of latency, and of what it gets done.
 */
import type { Drift } from '../analysis/drift.ts';
import type { HandleLeak } from '../analysis/handle-leak.ts';
import type { Leak } from '../analysis/leak.ts';
import type { LoadRun } from '../load-run.ts';
import type { FindingVerdict } from '../measure/finding.ts';
import { type Laboratory, type Subject, told } from './experiment.ts';
import { findingsOf, worst } from './soak-findings.ts';
import { lookAt } from './soak-look.ts';
import { refuseSoak, type SoakQuestion } from './soak-question.ts';

/** The answer. Its parts are absent where nothing was measured of them. */
export interface Soak {
  /** The worst of its findings. */
  readonly verdict: FindingVerdict;
  /** What each finding says. */
  readonly sentence: string;
  /** Of the server's process. Absent where that is not known. */
  readonly memory?: Leak;
  /** Likewise, and where the system tells. */
  readonly handles?: HandleLeak;
  /** Response time in an open model, service time in a closed one. */
  readonly latency: {
    /** Of the medians of its windows. */
    readonly p50: Drift;
    /** Of their 95th percentiles. */
    readonly p95: Drift;
  };
  /** Answered well per second in a closed model; in an open one, what share of what was due. */
  readonly throughput: Drift;
  /** Not judged for itself: `expect(soak.run).toMeet(…)` does that. */
  readonly run: LoadRun;
}

export const defaultSoak = { warmUp: '10s' } as const;

export async function soak<Row, State, UserRow>(
  laboratory: Laboratory,
  question: SoakQuestion,
  { scenario, options }: Subject<Row, State, UserRow>,
): Promise<Soak> {
  refuseSoak(question);
  const { profile, name } = question;
  const run = await laboratory.load(profile, scenario, {
    warmUp: defaultSoak.warmUp,
    ...options,
    ...(name !== undefined && { name }),
    unjudged: true,
  });
  const looked = lookAt(run, question);
  const findings = findingsOf(looked, question).map((finding) => told(laboratory, finding));
  for (const finding of findings) laboratory.tell(finding);
  const { memory, handles, latency, throughput } = looked;
  return {
    verdict: worst(findings.map(({ verdict }) => verdict)),
    sentence: findings.map(({ kind, name: of, sentence }) => `${of ?? kind}: ${sentence}`).join('; '),
    ...(memory && { memory }),
    ...(handles && { handles }),
    latency,
    throughput,
    run,
  };
}
