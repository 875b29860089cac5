/** Puts a finding into the result of the test that asked, as `annotate-result.ts` does with a run. */
import { titleOfFinding } from '../../load/measure/finding.ts';
import type { CollectedFinding } from '../collect/collected-finding.ts';
import { plainLine } from '../words/plain-text.ts';
import { dropShown, pushAnnotations } from './push-annotations.ts';
import { withoutDots } from './without-dots.ts';

/** An annotation, which JUnit has as a property; and the picture, where the finding has a chart. */
export function annotateFinding({ summary, test, result }: CollectedFinding, svg: string | undefined): void {
  const title = plainLine(titleOfFinding(summary));
  dropShown({ test, result }, title, () => true);
  pushAnnotations({ test, result }, [
    { type: title, description: `${summary.verdict}: ${plainLine(summary.sentence)}` },
  ]);
  if (svg === undefined) return;
  result.attachments.push({
    name: `load finding ${withoutDots(title)}`,
    contentType: 'image/svg+xml',
    body: Buffer.from(svg),
  });
}
