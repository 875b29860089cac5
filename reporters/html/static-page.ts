/**
 * What a report says where no script runs: in Jenkins with its own policy, in a mail, in the preview of a chat. Verdict,
 * reasons and the table of runs are markup, and readable without styles too. A script puts the whole page in its place.
 */
import { cutText } from '../../load/measure/cut-text.ts';
import { titleOfFinding, worstFindingFirst } from '../../load/measure/finding.ts';
import { headFacts, type HeadFact, type ReportData } from './head-facts.ts';
import { escaped } from '../../load/measure/markup.ts';
import { changeWords, limitsInShort, type OverviewRow, overviewRows, rateWords, standWords } from './overview-row.ts';
import { percentile, share } from './page/figures.ts';
import { findingsOf, foldedIn } from './page/places.ts';
import { findingLooks, verdictLooks } from './verdict-look.ts';

export interface StaticPage {
  /** For the tab and the preview: the verdict first. */
  readonly title: string;
  /** The reasons, for previews. */
  readonly description: string;
  /** Markup. */
  readonly body: string;
}

/** A name of one run may be as long as a file; nothing here is there to be read whole. */
const longestName = 200;
const longestDescription = 300;

export function staticPage(data: ReportData): StaticPage {
  const folded = foldedIn(data);
  const rows = overviewRows(data).filter(({ index }) => !folded.has(index));
  const { verdict, sentence, context, machine } = headFacts(data, (iso) => `${iso.slice(0, 16).replace('T', ' ')} UTC`);
  const [only] = rows;
  const subject = rows.length === 1 && only !== undefined ? nameOf(only) : sentence;
  const { glyph } = verdictLooks[verdict];
  return {
    title: `${glyph} ${verdict}: ${subject}`,
    description: descriptionOf(data, rows),
    body: `<header class="top"><h1>Playload</h1><div class="top-text">
<p class="sentence"><b class="verdict ${verdict}">${glyph} ${verdict}</b> ${escaped(sentence)}</p>
<p class="about plain">${context.map(factOf).join(' · ')}</p>
<p class="about plain">${machine.map(factOf).join(' · ')}</p>
</div></header>
<main><section class="overview">
${findingsMarkup(data)}${rows.length === 0 ? '<p>No run was recorded.</p>' : tableOf(rows)}
<p class="hint">The charts and all else are drawn by a script of this file's own; where it runs, nothing is fetched.</p>
</section></main>`,
  };
}

/** The worst of what is not green, else the first runs with their figures. */
function descriptionOf(data: ReportData, rows: readonly OverviewRow[]): string {
  const findings = worstFindingFirst(findingsOf(data)).map(
    (finding) => `${finding.verdict}: ${titleOfFinding(finding)}: ${finding.sentence}`,
  );
  const news = rows.flatMap((row) => (row.reason === undefined ? [] : [`${nameOf(row)}: ${row.reason}`]));
  const figures = rows.map((row) => {
    const { successRate, latency } = row.run;
    return `${nameOf(row)}: ${rateWords(row.run)}, ${share(successRate)} ok, p95 ${percentile(latency, 'p95')}`;
  });
  return cutText([...findings, ...(news.length > 0 ? news : figures)].join('; '), longestDescription);
}

function findingsMarkup(data: ReportData): string {
  const lines = worstFindingFirst(findingsOf(data)).map(
    (finding) =>
      `<li><b class="verdict ${finding.verdict}">${findingLooks[finding.verdict].glyph} ${finding.verdict}</b> ${text(titleOfFinding(finding))}: ${text(finding.sentence, 2_000)}</li>`,
  );
  return lines.length === 0 ? '' : `<ul class="findings">\n${lines.join('\n')}\n</ul>\n`;
}

const wordHeads = ['Verdict', 'Run', 'Promised'];
const figureHeads = ['Rate', 'Success', 'p50', 'p95', 'p99'];

/** The border is the table's own: a style sheet may be refused. */
function tableOf(rows: readonly OverviewRow[]): string {
  const changes = rows.some(({ changed }) => changed !== undefined);
  const heads = [...wordHeads, ...figureHeads, ...(changes ? ['Change'] : [])];
  return `<div class="scroll runs"><table border="1" cellpadding="5" cellspacing="0"><caption class="unseen">Runs</caption>
<thead><tr>${heads.map((head, at) => `<th scope="col"${at >= wordHeads.length ? ' class="number"' : ''}>${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row, changes)).join('\n')}
</tbody></table></div>`;
}

function rowOf(row: OverviewRow, changes: boolean): string {
  const { run, stand, limits, reason, changed } = row;
  const { latency } = run;
  const figures = [
    rateWords(run),
    share(run.successRate),
    ...(['p50', 'p95', 'p99'] as const).map((name) => percentile(latency, name)),
    ...(changes ? [changeWords(changed)] : []),
  ];
  const words = reason === undefined ? '' : `<br><small>${text(reason, 2_000)}</small>`;
  const beside = [run.project, ...run.tags, ...run.owners.map((owner) => `owner ${owner}`)].filter(
    (each) => each !== '',
  );
  const promised = limits.length === 0 ? '' : `<br><small>${text(limitsInShort(limits).join(', '))}</small>`;
  return `<tr><td><b class="verdict ${stand}">${standWords(stand)}</b></td><td>${text(nameOf(row))}${words}<br><small>${beside.map((each) => text(each)).join(' · ')}</small></td><td>${text(run.profile)}${promised}</td>${figures.map((figure, at) => `<td class="number" align="right" nowrap data-head="${figureHeads[at] ?? 'Change'}">${escaped(figure)}</td>`).join('')}</tr>`;
}

function nameOf({ run: { title } }: OverviewRow): string {
  return cutText((title.length > 1 ? title.slice(1) : title).join(' › '), longestName);
}

function factOf({ text: words, href }: HeadFact): string {
  return href === undefined ? text(words) : `<a href="${escaped(href)}" rel="noreferrer">${text(words)}</a>`;
}

/** Its direction is its own. */
function text(words: string, most = longestName): string {
  return `<bdi>${escaped(cutText(words, most))}</bdi>`;
}
