/** What came of a recovery, and its figures for programs. */
import type { CpuRecovery } from '../analysis/cpu-recovery.ts';
import type { MemoryGrowth } from '../analysis/memory-growth.ts';
import type { Recovery } from '../analysis/recovery.ts';
import type { StressSpan } from '../analysis/recovery-of-run.ts';
import { lostOf } from '../measure/counts.ts';
import type { LoadRun } from '../load-run.ts';
import { cells, type Finding, type FindingVerdict } from '../measure/finding.ts';

/** The answer. */
export interface RecoveryFound {
  /** Whether it recovered in time, with all that was watched. */
  readonly verdict: FindingVerdict;
  /** `recovered after 3.2s (± 1s): p95 10.0 ms before, limit 15.0 ms; …`. */
  readonly sentence: string;
  /** Milliseconds from the last start of the stress until the server answered as before. Absent when it did not in time. */
  readonly recoveredAfterMs?: number;
  /** In full. */
  readonly recovery: Recovery;
  /** Of the server's process; absent where it is not known, or was not asked for. */
  readonly cpu?: CpuRecovery;
  /** Likewise. */
  readonly memory?: MemoryGrowth;
  /** What looked on. */
  readonly probe: LoadRun;
  /** What it had to recover from. */
  readonly stress: LoadRun;
}

type Asked = StressSpan & { readonly withinMs: number; readonly windowMs: number };

export function recoveryFigures(found: RecoveryFound, { fromMs, toMs, withinMs, windowMs }: Asked): Finding['figures'] {
  const { recovery, recoveredAfterMs, stress } = found;
  const seen = recovery.kind === 'not-enough-data' ? undefined : recovery;
  const { started } = stress.requests;
  return cells({
    outcome: recovery.kind,
    recoveredAfterMs,
    withinMs,
    resolutionMs: windowMs,
    baselineP95Ms: seen?.baselineP95Ms,
    limitMs: seen?.limitMs,
    peakP95Ms: seen?.peakP95Ms,
    drainedAfterMs: seen?.drainedAfterMs,
    residualRatio: seen?.residualRatio,
    stressFromMs: fromMs,
    stressToMs: toMs,
    stressFailedShare: started === 0 ? undefined : lostOf(stress.requests) / started,
    ...ofCpu(found),
    ...ofMemory(found),
  });
}

function ofCpu({ cpu }: RecoveryFound): Parameters<typeof cells>[0] {
  if (cpu?.kind !== 'recovered' && cpu?.kind !== 'not-recovered') return { cpu: cpu?.kind };
  return {
    cpu: cpu.kind,
    cpuBeforePercent: cpu.baselinePercent,
    cpuLimitPercent: cpu.limitPercent,
    cpuResidualPoints: cpu.residualPoints,
    cpuRecoveredAfterMs: cpu.kind === 'recovered' ? cpu.afterMs : undefined,
  };
}

function ofMemory({ memory }: RecoveryFound): Parameters<typeof cells>[0] {
  if (memory === undefined || 'reason' in memory || 'how' in memory) return { memory: memory?.kind };
  return {
    memory: memory.kind,
    memoryBeforeMb: memory.baselineMb,
    memoryPeakMb: memory.peakMb,
    memoryFinalMb: memory.finalMb,
  };
}
