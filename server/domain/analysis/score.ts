/** A number from 0 to 100 that says where each missing point went. */
import { z } from 'zod';
import type { Finding } from './finding.ts';
import { severityOfRatio, type Severity } from './severity.ts';
import type { SloStatus } from './slo-status.ts';

const pointsOf: Readonly<Record<Severity, number>> = { info: 0, medium: 10, high: 15, critical: 25 };

export const scoreSchema = z
  .object({
    value: z.number().min(0).max(100).nullable().meta({ description: 'Null when there was too little to judge' }),
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
  /** Whether at least one rule or SLO on performance could be judged. */
  readonly judged: boolean;
}

/** Findings cost by severity; a broken promise that no finding is about costs by how far it is missed. */
export function score({ findings, slos, judged }: Scored): Score {
  if (!judged) return { value: null, deductions: [] };
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
