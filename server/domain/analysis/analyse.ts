/** Reads an engine's recent snapshots: what is wrong, by which numbers, what is promised and kept, and what could not be told. */
import { z } from 'zod';
import { engineSchema, type Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { findingSchema, ruleIdSchema, type Finding } from './finding.ts';
import { minSamples, type Rule, type RuleInput } from './rule.ts';
import { capacityLimited, kvExhaustion, prefixCacheLow } from './rules-cache.ts';
import { errors } from './rules-errors.ts';
import { itlSlo, ttftSlo } from './rules-latency.ts';
import { admissionLimited, idle, stalled } from './rules-queue.ts';
import { score, scoreSchema } from './score.ts';
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
    findings: z.array(findingSchema).readonly().meta({ description: 'The worst first' }),
    slos: z.array(sloStatusSchema).readonly(),
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
  /** In any order; those of the last three days are enough for everything. A line is of this engine already. */
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
  prefixCacheLow,
  idle,
];

export function analyse(input: AnalysisInput): Analysis {
  const { engine, snapshots, nowMs, windowS, minRequests, slos: promised } = { ...defaultAnalysisOptions, ...input };
  const line = snapshots instanceof Timeline ? snapshots : timeline(snapshots.filter((one) => one.engine === engine));
  const window = new SnapshotWindow(line, { fromMs: nowMs - windowS * 1_000, toMs: nowMs });
  const slos = promised.map((slo) => sloStatus({ line, slo, nowMs, minRequests }));
  const { findings, open } = judgeAll({ engine, window, slos, minRequests });
  // An engine that did nothing, or of which nothing is known, is neither well nor unwell.
  const judged = window.samples >= minSamples && !findings.some(({ rule }) => rule === 'idle');
  return {
    engine,
    analysed_at: new Date(nowMs).toISOString(),
    window: window.facts,
    score: score({ findings, slos, judged: judged || slos.some(({ state }) => state !== 'not_evaluated') }),
    findings,
    slos,
    not_evaluated: open,
  };
}

function judgeAll(input: RuleInput) {
  const verdicts = rules.map(({ id, judge }) => ({ rule: id, verdict: judge(input) }));
  const findings: Finding[] = verdicts
    .flatMap(({ verdict }) => (verdict.kind === 'found' ? verdict.findings : []))
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const open = verdicts.flatMap(({ rule, verdict }) =>
    verdict.kind === 'not_evaluated' ? [{ rule, reason: verdict.reason }] : [],
  );
  return { findings, open };
}
