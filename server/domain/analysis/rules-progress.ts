/** Rules about whether there is anything to do, and whether it moves. */
import type { Engine } from '../engines/engine.ts';
import {
  clear,
  findingFrom,
  found,
  minSamples,
  notEvaluated,
  tooFewSamples,
  windowRule,
  type Rule,
  type RuleInput,
  type Verdict,
} from './rule.ts';
import type { Level, SnapshotWindow } from './window.ts';

/**
 * Seconds without anything before it is more than one long step. SGLang's gauges stay as the last batch left them, and a
 * scheduler that has nothing to do corrects them 30 s later (`_maybe_log_idle_metrics` in `srt/managers`): for so long
 * an idle engine shows requests that do not move.
 */
const stallS: Readonly<Record<Engine, number>> = { vllm: 30, sglang: 60, tgi: 30 };

/**
 * An engine that hangs has requests all the time and nothing to show for it. Only a count that grows while work is done
 * can prove that: SGLang and TGI count tokens when a request is over, and an hour-long request looks the same there.
 */
export const stalled: Rule = { id: 'stalled', worst: 'critical', judge: judgeStall };

function judgeStall(input: RuleInput): Verdict {
  const { engine, window } = input;
  const leastS = stallS[engine];
  const running = window.level('running');
  const waiting = window.level('waiting');
  if (running === null) return notEvaluated('the page does not tell how many requests run');
  const tooFew = tooFewSamples(input);
  if (tooFew !== undefined) return notEvaluated(tooFew);
  if (running.max + (waiting?.max ?? 0) <= 0) return clear;
  const end = stillEnd(window);
  const hangs = end !== undefined && end.samples >= minSamples && end.measuredS >= leastS;
  if (hangs && end.total('progress') !== null) return foundIn(end, leastS);
  if (hangs && !changed(end.level('running'))) return notEvaluated(blindReason);
  return moved(window) ? clear : unproven(window, leastS);
}

const blindReason = 'work is counted only when a request is over, and none was: long requests look like a stall';

/** Why a window in which nothing was counted is no proof that the engine hangs. */
function unproven(window: SnapshotWindow, leastS: number): Verdict {
  const [running, waiting] = [window.level('running'), window.level('waiting')];
  const usage = window.level('kv_usage');
  if (window.total('progress') === null) return changed(running) || changed(usage) ? clear : notEvaluated(blindReason);
  if ((running?.min ?? 0) + (waiting?.min ?? 0) <= 0)
    return notEvaluated('nothing moved, but there were not requests all the time');
  if (changed(usage))
    return notEvaluated('nothing was counted, but the use of the cache changed: a long prompt may be being read');
  return notEvaluated(`nothing moved for ${Math.round(window.measuredS)} s; needs ${leastS} s to be no long step`);
}

function foundIn(still: SnapshotWindow, leastS: number): Verdict {
  return found(
    findingFrom('stalled', still, {
      severity: 'critical',
      explanation: 'There are requests all the time, and nothing moves any more: the engine hangs.',
      evidence: [
        { metric: 'progress', value: still.total('progress'), unit: 'events', compared: { op: '<=', limit: 0 } },
        { metric: 'generation_tokens', value: still.total('generation_tokens'), unit: 'tokens' },
        { metric: 'running min', value: still.level('running')?.min, unit: 'requests' },
        { metric: 'waiting min', value: still.level('waiting')?.min, unit: 'requests' },
        {
          metric: 'seconds without progress',
          value: still.measuredS,
          unit: 's',
          compared: { op: '>=', limit: leastS },
        },
      ],
    }),
  );
}

/**
 * The last part of a window in which there are requests and nothing moves, not even the cache: an engine that began to
 * hang a minute ago has worked for most of a window. A baseline, which counts nothing, ends it.
 */
function stillEnd(window: SnapshotWindow): SnapshotWindow | undefined {
  const { times } = window;
  const usage = (step: SnapshotWindow) => step.level('kv_usage')?.max ?? null;
  let still: SnapshotWindow | undefined;
  for (let at = times.length - 1; at >= 0; at -= 1) {
    const step = window.after(times[at - 1] ?? -Infinity, times[at]);
    const requests = (step.level('running')?.min ?? 0) + (step.level('waiting')?.min ?? 0);
    if (step.measuredS <= 0 || requests <= 0 || moved(step)) break;
    if (still !== undefined && usage(step) !== usage(still)) break;
    still = window.after(times[at - 1] ?? -Infinity);
  }
  return still;
}

/** Any work that was counted. Failed and aborted requests are none: clients also leave an engine that hangs. */
function moved(window: SnapshotWindow): boolean {
  return (
    (['progress', 'generation_tokens', 'prompt_tokens', 'done'] as const).some(
      (field) => (window.total(field) ?? 0) > 0,
    ) || (['ttft_s', 'itl_s'] as const).some((field) => (window.distribution(field)?.count ?? 0) > 0)
  );
}

function changed(level: Level | null): boolean {
  return level !== null && level.max > level.min;
}

export const idle = windowRule({
  id: 'idle',
  worst: 'info',
  reads: ['running'],
  enough: 'snapshots',
  find: ({ running }, { window }) => {
    const waiting = window.level('waiting');
    // An engine may export no count of requests before its first one.
    const requests = window.requests ?? 0;
    if (running.max > 0 || (waiting?.max ?? 0) > 0 || requests > 0 || moved(window)) return undefined;
    return {
      severity: 'info',
      explanation: 'Nothing ran, waited or ended in the window. Nothing can be said of how the engine performs.',
      evidence: [
        { metric: 'running max', value: running.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'waiting max', value: waiting?.max, unit: 'requests', compared: { op: '<=', limit: 0 } },
        { metric: 'requests', value: window.requests, unit: 'requests', compared: { op: '<=', limit: 0 } },
      ],
    };
  },
});
