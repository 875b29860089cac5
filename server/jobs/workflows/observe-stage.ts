/**
 * Observes a stage of a rollout, one phase at a time; each is written before the next begins.
 *
 * | phase | what happens in it | next |
 * |---|---|---|
 * | restarting | the page is asked for until another process answers; it may be away for `restart_s` | warming_up, measuring when no restart was seen, rolling_back |
 * | warming_up | a window of the new process that is shown and not judged | measuring, or again from the beginning |
 * | measuring | the window that is judged | the next stage, the end, or again from the beginning |
 *
 * An engine that restarts in a window begins the phases again, and only so often: what crashes again and again is taken
 * back and not waited for.
 */
import type { Clock } from '../../domain/clock.ts';
import type { Instance } from '../../domain/instance.ts';
import { advance } from '../../domain/workflows/decisions.ts';
import { isAnother, processOf } from '../../domain/workflows/engine-process.ts';
import { emptyWindow, judge } from '../../domain/workflows/guard.ts';
import {
  needsRestart,
  unwatched,
  without,
  type GuardCheck,
  type Move,
  type Phase,
  type Watch,
  type Workflow,
} from '../../domain/workflows/workflow.ts';
import type { Pace } from './pace.ts';
import { betweenAttemptsMs, type MeasuredWindow, type WindowMeter } from './window-meter.ts';

export interface ObserveTools {
  readonly meter: Pick<WindowMeter, 'measure' | 'look' | 'find'>;
  readonly clock: Clock;
  readonly pace: Pace;
}

interface Observed {
  readonly workflow: Workflow;
  readonly instance: Instance;
  readonly signal: AbortSignal;
}

/** How often in a stage an engine may restart or be away unasked; once more, and the change is taken back. */
const mostRestarts = 2;
/** An agent that comes late to a wait gives the engine this long in any case: it may have come back meanwhile. */
const shortestWaitMs = 8_000;
/** Of a change that needs no restart, before anything was seen. */
export const unneeded: Watch = { restart: 'not_needed', restarts: 0, waited_ms: 0 };

/** What is to be done in the phase that the stage is in. */
export function observe(tools: ObserveTools, observed: Observed): Promise<Move> {
  const { phase = 'measuring' } = observed.workflow.progress;
  switch (phase) {
    case 'restarting':
      return awaitRestart(tools, observed);
    case 'warming_up':
      return warmUp(tools, observed);
    case 'measuring':
      return measure(tools, observed);
  }
}

interface NextPhase {
  readonly phase: Phase;
  readonly watch: Watch;
}

const words: Readonly<Record<Phase, string | undefined>> = {
  restarting: 'waiting for the engine to restart',
  warming_up: 'the engine has restarted and warms up',
  measuring: undefined,
};

export function enterPhase({ clock }: Pick<ObserveTools, 'clock'>, workflow: Workflow, next: NextPhase): Move {
  const said = words[next.phase];
  const since = new Date(clock.nowMs()).toISOString();
  const reason = said === undefined ? {} : { reason: `at ${stageOf(workflow)} %: ${said}` };
  const progress = { ...without(workflow.progress, 'reason'), ...reason, ...next, phase_since: since };
  return { status: 'observing', progress };
}

/**
 * Ends as soon as another process answers. While a page is missing the engine is away, for whatever reason; it is given up
 * when it is away for too long, and taken for one that does not restart when it goes on answering.
 */
async function awaitRestart(tools: ObserveTools, { workflow, instance, signal }: Observed): Promise<Move> {
  const { pace, meter } = tools;
  const watch = watchOf(workflow);
  const began = pace.monotonicMs();
  const passedMs = () => (pace.monotonicMs() - began) * pace.factor;
  const leftMs = Math.max(shortestWaitMs, workflow.settings.restart_s * 1_000 - usedMs(tools, workflow));
  let awayFromMs: number | undefined;
  const next = (phase: Phase, changed: Partial<Watch>) => {
    const awayMs = awayFromMs === undefined ? 0 : passedMs() - awayFromMs;
    return enterPhase(tools, workflow, { phase, watch: { ...watch, ...changed, waited_ms: watch.waited_ms + awayMs } });
  };
  for (;;) {
    const page = await meter.look(instance, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return error instanceof Error ? error.message : String(error);
    });
    if (typeof page === 'string') {
      awayFromMs ??= passedMs();
      if (passedMs() - awayFromMs >= leftMs) return neverBack(workflow, page);
    } else {
      const process = processOf(instance.engine, page);
      if (watch.process === undefined || isAnother(watch.process, page))
        return next('warming_up', { restart: 'seen', process });
      // It was away and is the same again: not what was waited for, but the window before it is torn.
      if (watch.restart === 'seen') return next('warming_up', { process });
      if (passedMs() >= patienceMs(workflow)) return next('measuring', { restart: 'not_seen', process });
      awayFromMs = undefined;
    }
    await pace.wait(betweenAttemptsMs, signal);
  }
}

/** Of the time the engine may be away, what is used up. A clock that was set meanwhile can't make it less than nothing. */
function usedMs({ clock, pace }: ObserveTools, { progress }: Workflow): number {
  const sinceMs = clock.nowMs() - Date.parse(progress.phase_since ?? '');
  return (progress.watch?.waited_ms ?? 0) + (sinceMs > 0 ? sinceMs * pace.factor : 0);
}

/**
 * How long an engine that goes on answering is watched for a restart. At a smaller percentage the restart may be somewhere
 * else in the fleet, so no longer than a stage is observed.
 */
function patienceMs(workflow: Workflow): number {
  const { restart_s: restartS, monitor_s: monitorS } = workflow.settings;
  return (stageOf(workflow) < 100 ? Math.min(restartS, monitorS) : restartS) * 1_000;
}

async function warmUp(tools: ObserveTools, observed: Observed): Promise<Move> {
  const measured = await measureWindow(tools, observed);
  if ('status' in measured) return measured;
  const { progress } = observed.workflow;
  const warmups = [...(progress.warmups ?? []), { stage: stageOf(observed.workflow), window: measured.figures }];
  const watch = { ...watchOf(observed.workflow), process: measured.process };
  const workflow = { ...observed.workflow, progress: { ...progress, warmups } };
  return enterPhase(tools, workflow, { phase: 'measuring', watch });
}

async function measure(tools: ObserveTools, observed: Observed): Promise<Move> {
  const { workflow } = observed;
  const { settings, progress } = workflow;
  const { baseline } = progress;
  if (baseline === undefined) throw new Error('the window before the change is missing');
  const measured = await measureWindow(tools, observed);
  if ('status' in measured) return measured;
  const { figures: window } = measured;
  const { restart } = watchOf(workflow);
  const { verdict, checks } = judge({ guard: settings.guard, before: baseline, after: window });
  const stage = stageOf(workflow);
  const unseen = restart === 'not_seen' && stage === 100;
  const concluded = verdict === 'held' && unseen ? 'inconclusive' : verdict;
  const observations = [...(progress.observations ?? []), { stage, window, restart, verdict: concluded, checks }];
  const seen = { ...unwatched(without(progress, 'reason')), observations };
  switch (concluded) {
    case 'held':
      return advance(workflow, seen);
    case 'broken': {
      const broken = checks.filter((check) => check.verdict === 'broken');
      const limits = broken.map(({ metric, limit }) => `${metric} ${limit}`).join(', ');
      return { status: 'rolling_back', progress: { ...seen, reason: `at ${stage} %: not ${limits}` } };
    }
    case 'inconclusive': {
      const why = unseen ? 'the change needs a restart, and none was seen' : 'too little was measured to tell';
      return {
        status: 'inconclusive',
        progress: { ...seen, reason: `at ${stage} %: ${why}; approve, reject or cancel` },
      };
    }
  }
}

/** A whole window, or what follows from its being torn. */
async function measureWindow(tools: ObserveTools, observed: Observed): Promise<MeasuredWindow | Move> {
  const { workflow, instance, signal } = observed;
  const watch = watchOf(workflow);
  const windowMs = workflow.settings.monitor_s * 1_000;
  let measured: MeasuredWindow;
  try {
    measured = await tools.meter.measure({ instance, windowMs, process: watch.process, signal });
  } catch (error) {
    // With a change that needs no restart there is nothing to wait for: the runner takes it back.
    if (signal.aborted || !needsRestart(workflow)) throw error;
    return again(tools, workflow, { phase: 'restarting', watch });
  }
  if (!measured.restarted) return measured;
  return again(tools, workflow, { phase: 'warming_up', watch: { ...watch, process: measured.process } });
}

/** A window was torn. The restart that was waited for may come late; whatever else tears one is counted. */
function again(tools: ObserveTools, workflow: Workflow, { phase, watch }: NextPhase): Move {
  const unseen = watch.restart === 'not_seen';
  if (unseen && phase === 'warming_up') {
    return enterPhase(tools, workflow, { phase, watch: { ...watch, restart: 'seen' } });
  }
  const restarts = watch.restarts + 1;
  const restart = unseen ? 'awaited' : watch.restart;
  if (restarts <= mostRestarts) return enterPhase(tools, workflow, { phase, watch: { ...watch, restart, restarts } });
  const check = {
    metric: 'restarts',
    before: null,
    after: restarts,
    limit: `at most ${mostRestarts} restarts`,
  } as const;
  return takeBack(workflow, check, `the engine keeps restarting: it was away ${restarts} times more than it should`);
}

function neverBack(workflow: Workflow, why: string): Move {
  const limitS = workflow.settings.restart_s;
  const check = { metric: 'restart_s', before: null, after: null, limit: `back within ${limitS} s` } as const;
  return takeBack(workflow, check, `the engine did not come back within ${limitS} s of its restart (${why})`);
}

/** Broken without a window to show for it. */
function takeBack(workflow: Workflow, check: Omit<GuardCheck, 'verdict'>, why: string): Move {
  const { progress } = workflow;
  const stage = stageOf(workflow);
  const at = progress.phase_since ?? new Date(workflow.updatedAtMs).toISOString();
  const observation = {
    stage,
    window: emptyWindow(at),
    restart: watchOf(workflow).restart,
    verdict: 'broken',
    checks: [{ ...check, verdict: 'broken' }],
  } as const;
  const observations = [...(progress.observations ?? []), observation];
  return {
    status: 'rolling_back',
    progress: { ...unwatched(progress), observations, reason: `at ${stage} %: ${why}` },
  };
}

/** Workflows that an earlier release has begun to observe have none. */
function watchOf({ progress }: Workflow): Watch {
  return progress.watch ?? unneeded;
}

function stageOf({ settings, progress }: Workflow): number {
  return settings.stages[progress.stage_index ?? 0] ?? 100;
}
