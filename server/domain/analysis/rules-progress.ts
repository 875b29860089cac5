/** Rules about whether there is anything to do, and whether it moves. */
import {
  clear,
  findingFrom,
  found,
  notEvaluated,
  tooFewSamples,
  windowRule,
  type Rule,
  type RuleInput,
} from './rule.ts';
import type { Level, SnapshotWindow } from './window.ts';

/** Seconds without anything before it is more than one long step. */
const stallS = 30;

/**
 * An engine that hangs has requests all the time and nothing to show for it. Only a count that grows while work is done
 * can prove that: SGLang and TGI count tokens when a request is over, and an hour-long request looks the same there.
 */
export const stalled: Rule = { id: 'stalled', worst: 'critical', judge: judgeStall };

function judgeStall(input: RuleInput) {
  const { window } = input;
  const running = window.level('running');
  const waiting = window.level('waiting');
  if (running === null) return notEvaluated('the page does not tell how many requests run');
  const tooFew = tooFewSamples(input);
  if (tooFew !== undefined) return notEvaluated(tooFew);
  if (running.max + (waiting?.max ?? 0) <= 0 || moved(window)) return clear;
  const usage = window.level('kv_usage');
  const progress = window.total('progress');
  if (progress === null)
    return changed(running) || changed(usage)
      ? clear
      : notEvaluated('work is counted only when a request is over, and none was: long requests look like a stall');
  if (running.min + (waiting?.min ?? 0) <= 0)
    return notEvaluated('nothing moved, but there were not requests all the time');
  if (window.measuredS < stallS)
    return notEvaluated(`nothing moved for ${Math.round(window.measuredS)} s; needs ${stallS} s to be no long step`);
  if (changed(usage))
    return notEvaluated('nothing was counted, but the use of the cache changed: a long prompt may be being read');
  return found(
    findingFrom('stalled', window, {
      severity: 'critical',
      explanation: 'There are requests all the time, and nothing moves: the engine hangs.',
      evidence: [
        { metric: 'progress', value: progress, unit: 'events', compared: { op: '<=', limit: 0 } },
        { metric: 'generation_tokens', value: window.total('generation_tokens'), unit: 'tokens' },
        { metric: 'running min', value: running.min, unit: 'requests' },
        { metric: 'waiting min', value: waiting?.min, unit: 'requests' },
        {
          metric: 'seconds without progress',
          value: window.measuredS,
          unit: 's',
          compared: { op: '>=', limit: stallS },
        },
      ],
    }),
  );
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
