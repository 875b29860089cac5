/** Reads an engine's recent snapshots: what is wrong, by which numbers, what is promised and kept, and what could not be told. */
import { z } from 'zod';
import { engineSchema, type Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { findingSchema, ruleIdSchema } from './finding.ts';
import { notEvaluated, type Rule, type RuleInput, type Verdict } from './rule.ts';
import { batchUnderfilled, speculationLow } from './rules-batch.ts';
import { kvExhaustion, prefixCacheLow } from './rules-cache.ts';
import { errors } from './rules-errors.ts';
import { itlSlo, ttftSlo } from './rules-latency.ts';
import { idle, stalled } from './rules-progress.ts';
import { admissionLimited, capacityLimited } from './rules-queue.ts';
import { hostBound, prefillBound } from './rules-time.ts';
import { confidenceOf, score, scoreSchema } from './score.ts';
import { severities } from './severity.ts';
import type { Slo } from './slo.ts';
import { sloStatus, sloStatusSchema } from './slo-status.ts';
import { Timeline } from './timeline.ts';
import { SnapshotWindow, timeline, windowSchema } from './window.ts';

export const analysisSchema = z
  .object({
    engine: engineSchema,
    analysed_at: z.iso.datetime(),
    window: windowSchema,
    score: scoreSchema,
    confidence: z.number().min(0).max(1).nullable().meta({
      description:
        'How much of what could be judged of this engine was judged, by weight; null in the workflows of releases that did not tell',
    }),
    findings: z.array(findingSchema).readonly().meta({ description: 'The worst first' }),
    slos: z.array(sloStatusSchema).readonly(),
    clear: z.array(ruleIdSchema).readonly().meta({ description: 'Rules that were judged and found nothing' }),
    not_evaluated: z
      .array(z.object({ rule: ruleIdSchema, reason: z.string() }).readonly())
      .readonly()
      .meta({ description: 'Rules for which there was too little to go by' }),
  })
  .readonly()
  .meta({ id: 'Analysis' });
export type Analysis = z.infer<typeof analysisSchema>;

interface AnalysisInput {
  readonly engine: Engine;
  /** In any order; those of the last three days and the one before them are enough for everything. A line is of this engine already. */
  readonly snapshots: readonly Snapshot[] | Timeline;
  readonly slos?: readonly Slo[];
  readonly nowMs: number;
  readonly windowS?: number;
  readonly minRequests?: number;
}

export const defaultAnalysisOptions = { slos: [], windowS: 300, minRequests: 50 } as const;

const rules: readonly Rule[] = [
  stalled,
  kvExhaustion,
  capacityLimited,
  admissionLimited,
  ttftSlo,
  itlSlo,
  errors,
  prefillBound,
  hostBound,
  speculationLow,
  batchUnderfilled,
  prefixCacheLow,
  idle,
];

/** In so many pieces a window is looked at for what is true most of the time. */
const piecesOfWindow = 60;

/** Each rule is in exactly one of `findings`, `clear` and `not_evaluated`. */
export function analyse(input: AnalysisInput): Analysis {
  const { engine, snapshots, nowMs, windowS, minRequests, slos: promised } = { ...defaultAnalysisOptions, ...input };
  const line = snapshots instanceof Timeline ? snapshots : timeline(snapshots.filter((one) => one.engine === engine));
  const over = (fromMs: number, toMs: number) => new SnapshotWindow(line, { fromMs, toMs });
  const fromMs = nowMs - windowS * 1_000;
  const pieceMs = (windowS * 1_000) / piecesOfWindow;
  const pieces = () =>
    Array.from({ length: piecesOfWindow }, (_, at) =>
      over(fromMs + at * pieceMs, at === piecesOfWindow - 1 ? nowMs : fromMs + (at + 1) * pieceMs),
    );
  const slos = promised.map((slo) => sloStatus({ line, slo, nowMs, minRequests }));
  const window = over(fromMs, nowMs);
  const judged = judgeAll({ engine, window, pieces, slos, minRequests });
  const { staleReason } = window;
  const verdicts = staleReason === undefined ? judged : withoutClear(judged, staleReason);
  const findings = verdicts
    .flatMap(({ verdict }) => (verdict.kind === 'found' ? verdict.findings : []))
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const confidence = confidenceOf(verdicts, slos);
  return {
    engine,
    analysed_at: new Date(nowMs).toISOString(),
    window: window.facts,
    score: score({ findings, slos, confidence }),
    confidence,
    findings,
    slos,
    clear: verdicts.flatMap(({ rule, verdict }) => (verdict.kind === 'clear' ? [rule.id] : [])),
    not_evaluated: verdicts.flatMap(({ rule, verdict }) =>
      verdict.kind === 'not_evaluated' ? [{ rule: rule.id, reason: verdict.reason }] : [],
    ),
  };
}

interface Judged {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

/** An engine that did nothing was not put to the test: what finds it well says nothing, but promises have windows of their own. */
function judgeAll(input: RuleInput): Judged[] {
  const verdicts = rules.map((rule) => ({ rule, verdict: rule.judge(input) }));
  const hasFound = (id: Rule) => verdicts.some(({ rule, verdict }) => rule === id && verdict.kind === 'found');
  if (hasFound(stalled))
    return verdicts.map(({ rule, verdict }) =>
      rule === admissionLimited
        ? { rule, verdict: notEvaluated('the engine hangs, and whatever it should run waits') }
        : { rule, verdict },
    );
  return hasFound(idle) ? withoutClear(verdicts, 'nothing ran in the window') : verdicts;
}

function withoutClear(verdicts: readonly Judged[], reason: string): Judged[] {
  return verdicts.map(({ rule, verdict }) =>
    verdict.kind === 'clear' && rule !== ttftSlo && rule !== itlSlo
      ? { rule, verdict: notEvaluated(reason) }
      : { rule, verdict },
  );
}
