/**
 * The window before the change, which all stages are compared with. An engine that a rollback has just sent into a restart
 * is waited for, and the first window of a process that was seen to start is let pass: its caches are empty, and next to
 * it every change would look good.
 */
import type { Instance } from '../../domain/instance.ts';
import type { EngineProcess } from '../../domain/workflows/engine-process.ts';
import { isUntold, needsRestart, type Move, type Workflow } from '../../domain/workflows/workflow.ts';
import type { ObserveTools } from './observe-stage.ts';
import { betweenAttemptsMs } from './window-meter.ts';

export interface BeforeTools extends Pick<ObserveTools, 'clock' | 'pace'> {
  readonly meter: Pick<ObserveTools['meter'], 'measure'>;
  /** The last workflow that changed the instance, whichever way that ended. */
  readonly lastChange: (instanceId: string) => Promise<Workflow | undefined>;
}

interface Before {
  readonly workflow: Workflow;
  readonly instance: Instance;
  readonly signal: AbortSignal;
}

/** How often the window may begin again because the engine restarted in it. */
const restartsBefore = 2;

export async function measureBefore(tools: BeforeTools, { workflow, instance, signal }: Before): Promise<Move> {
  const { pace, meter } = tools;
  const windowMs = workflow.settings.monitor_s * 1_000;
  const patienceMs = patienceLeftMs(tools, await tools.lastChange(instance.id));
  const began = pace.monotonicMs();
  const isExpected = () => (pace.monotonicMs() - began) * pace.factor < patienceMs;
  let process: EngineProcess | undefined;
  let restarts = 0;
  let isCold = false;
  for (;;) {
    const measured = await meter.measure({ instance, windowMs, process, signal }).catch((error: unknown) => {
      if (signal.aborted || !isExpected()) throw error;
      return undefined;
    });
    if (measured === undefined) {
      isCold = true;
      await pace.wait(betweenAttemptsMs, signal);
      continue;
    }
    process = measured.process;
    if (measured.restarted) {
      isCold = true;
      if (isExpected() || ++restarts <= restartsBefore) continue;
      throw new Error('the engine keeps restarting, so there is nothing that a change could be compared with');
    }
    if (isCold) {
      isCold = false;
      continue;
    }
    const { figures, slices } = measured;
    return { status: 'analyzing', progress: { ...workflow.progress, baseline: figures, baseline_slices: slices } };
  }
}

/** Of the time that a rollback allows for its restart, what is left. */
function patienceLeftMs({ clock, pace }: BeforeTools, last: Workflow | undefined): number {
  if (last?.status !== 'rolled_back' || !needsRestart(last) || isUntold(last)) return 0;
  const sinceMs = Math.max(0, clock.nowMs() - last.updatedAtMs) * pace.factor;
  return last.settings.restart_s * 1_000 - sinceMs;
}
