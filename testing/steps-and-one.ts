/** The loads of a search for a breaking point, for pages that show its finding. */
import type { ReportedRun } from '../reporters/reported-run.ts';
import { sampleReport, sampleRun } from './page-run.ts';

/** Four steps of a finding, not judged, and a run that has nothing to do with it. */
export function stepsAndOne(): ReportedRun[] {
  const data = sampleRun({ seconds: 3, warmUpSeconds: 0, extras: false });
  const unjudged = { ...data, plan: { ...data.plan, unjudged: true }, thresholds: [] };
  const steps = ['ramp at 50/s', 'ramp at 100/s', 'bisect at 198/s', 'bisect at 208/s'].map((name) =>
    sampleReport(unjudged, ['stress.spec.ts', 'where it breaks', name]),
  );
  return [...steps, sampleReport(data, ['load.spec.ts', 'a load by itself'])];
}
