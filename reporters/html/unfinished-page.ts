/** What stands where the report will be until the tests have ended, or for good where they never did. No script, no code for charts. */
import { titleOfFinding } from '../../load/measure/finding.ts';
import type { Summary } from '../../load/measure/summary.ts';
import { foldedRuns } from '../words/folded-runs.ts';
import { escaped } from '../../load/measure/markup.ts';

export function renderUnfinishedPage(summary: Summary): string {
  const { startedAt, unfinished, runs, findings = [] } = summary;
  const folded = foldedRuns(summary);
  const row = (verdict: string, title: readonly string[], words: string) =>
    `<li><b>${escaped(verdict)}</b> ${escaped(title.join(' › '))}: ${escaped(words)}</li>`;
  const rows = [
    ...findings.map((finding) =>
      row(finding.verdict, finding.title, `${titleOfFinding(finding)}: ${finding.sentence}`),
    ),
    ...runs.filter((run) => !folded.has(run)).map(({ verdict, title, reason }) => row(verdict, title, reason)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Load report: not finished</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>Not finished</h1>
<p>${escaped(unfinished?.reason ?? '')}</p>
<p>Started ${escaped(startedAt)} as <code>${escaped(unfinished?.command ?? '')}</code>, process ${unfinished?.pid ?? 0} on ${escaped(unfinished?.host ?? '')}.</p>
<ul>
${rows.join('\n')}
</ul>
</body>
</html>
`;
}
