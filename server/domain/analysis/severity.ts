/** How bad a finding is. Latencies and error rates are graded by how far they miss what was promised, and by nothing else. */
import { z } from 'zod';

export const severities = ['info', 'medium', 'high', 'critical'] as const;
export const severitySchema = z.enum(severities).meta({ id: 'Severity' });
export type Severity = z.infer<typeof severitySchema>;

/** From `ratio` times the limit on: 1 is medium, 1.5 high, 2 critical. Below 1 the limit is kept, and there is no severity. */
export function severityOfRatio(ratio: number): Severity | undefined {
  if (ratio >= 2) return 'critical';
  if (ratio >= 1.5) return 'high';
  return ratio >= 1 ? 'medium' : undefined;
}
