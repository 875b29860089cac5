/** A number from 0 to 100 that says where each missing point went, and how much of what could be judged it rests on. */
import { z } from 'zod';
import type { Finding } from './finding.ts';
import type { Rule, Verdict } from './rule.ts';
import { severityOfRatio, type Severity } from './severity.ts';
import type { SloStatus } from './slo-status.ts';

const pointsOf: Readonly<Record<Severity, number>> = { info: 0, medium: 10, high: 15, critical: 25 };

/** Below this confidence there is no score: most of what matters was not judged. */
export const leastConfidence = 0.5;

/** What an unjudged rule takes from the confidence, by the worst that it could have said. A promise weighs as the worst. */
const weightOf: Readonly<Record<Severity, number>> = { info: 1, medium: 2, high: 3, critical: 4 };

export const scoreSchema = z
  .object({
    value: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .meta({
        description: `Null when there was too little to judge: a confidence below ${leastConfidence}`,
      }),
    deductions: z
      .array(z.object({ points: z.number(), because: z.string(), why: z.string() }).readonly())
      .readonly()
      .meta({ description: '100 minus these is the score, which never falls below 0' }),
  })
  .readonly()
  .meta({ id: 'Score' });
type Score = z.infer<typeof scoreSchema>;

interface Scored {
  readonly findings: readonly Finding[];
  readonly slos: readonly SloStatus[];
  readonly confidence: number;
}

/** Promises on these are what a rule is about, and weigh with it. */
const ruled = /^(?:ttft_|itl_|error_rate)/;

/**
 * Weight of what was judged over the weight of all that applies to this engine and its promises, from 0 to 1. A rule on
 * what no version of the engine exports, or on a promise that nobody made, is not in it.
 */
export function confidenceOf(
  verdicts: readonly { readonly rule: Rule; readonly verdict: Verdict }[],
  slos: readonly SloStatus[],
): number {
  const weighed = [
    ...verdicts
      .filter(({ verdict }) => verdict.kind !== 'not_evaluated' || verdict.applies)
      .map(({ rule, verdict }) => ({ weight: weightOf[rule.worst], judged: verdict.kind !== 'not_evaluated' })),
    ...slos
      .filter(({ slo }) => !ruled.test(slo.metric))
      .map(({ state }) => ({ weight: weightOf.critical, judged: state !== 'not_evaluated' })),
  ];
  const sum = (of: typeof weighed) => of.reduce((all, { weight }) => all + weight, 0);
  const all = sum(weighed);
  return all === 0 ? 0 : Math.round((sum(weighed.filter(({ judged }) => judged)) / all) * 100) / 100;
}

/** Findings cost by severity; a broken promise that no finding is about costs by how far it is missed. */
export function score({ findings, slos, confidence }: Scored): Score {
  if (confidence < leastConfidence) return { value: null, deductions: [] };
  const told = new Set(findings.map(({ slo }) => slo));
  const deductions = [
    ...findings.map(({ rule, severity, explanation }) => ({
      points: pointsOf[severity],
      because: rule,
      why: explanation,
    })),
    ...slos
      .filter(({ slo, state }) => state === 'violated' && !told.has(slo.name))
      .map(({ slo, ratio, value }) => ({
        points: pointsOf[severityOfRatio(ratio ?? Infinity) ?? 'medium'],
        because: slo.name,
        why: `${slo.metric} is ${value ?? 0}, promised ${slo.op} ${slo.target}`,
      })),
  ].filter(({ points }) => points > 0);
  const lost = deductions.reduce((sum, { points }) => sum + points, 0);
  return { value: Math.max(0, 100 - lost), deductions };
}
