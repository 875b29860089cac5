/** What stands above everything: the verdict in a sentence, what was tested and who changed it, and where it ran. */
import type { Verdict } from '../../load/measure/summary.ts';
import { formatDuration } from '../../load/measure/units.ts';
import type { PageData } from './page-data.ts';
import { tallyOf } from './page/order.ts';

export interface HeadFact {
  readonly text: string;
  /** http or https, nothing else. */
  readonly href?: string;
}

export type ReportData = Extract<PageData, { kind: 'report' }>;

export interface HeadFacts {
  readonly verdict: Verdict;
  readonly sentence: string;
  /** What was tested: branch, commit, subject, author, job, hosts. */
  readonly context: readonly HeadFact[];
  /** When and where it was sent from. */
  readonly machine: readonly HeadFact[];
}

/** `when` prints a moment: a reader's browser knows its own time zone, a file does not. */
export function headFacts(data: ReportData, when: (iso: string) => string): HeadFacts {
  const { verdict, startedAt, durationMs, environment, segments, baseline } = data;
  const missing = segments.expected - segments.present.length;
  return {
    verdict,
    sentence: `${subjectOf(data)}${missing > 0 ? `, ${missing} ${missing === 1 ? 'segment' : 'segments'} missing` : ''}`,
    context: contextOf(data),
    machine: [
      when(startedAt),
      `took ${formatDuration(Math.round(durationMs / 1_000) * 1_000)}`,
      ...(environment.host === undefined ? [] : [`on ${environment.host}`]),
      `node ${environment.node.replace(/^v/, '')}`,
      environment.os,
      `${environment.cpu} × ${environment.cores}`,
      ...(segments.expected > 1 ? [`${segments.present.length} of ${segments.expected} segments`] : []),
      ...(baseline === undefined ? [] : [`baseline ${baseline}`]),
    ].map((text) => ({ text })),
  };
}

/** The verdict stands before it, and is not counted out of one. */
function subjectOf({ runs, findings = [] }: ReportData): string {
  if (runs.length === 1 && findings.length === 0) return '1 load run';
  return tallyOf(runs, findings) || 'no run';
}

function contextOf({ environment, runs }: ReportData): HeadFact[] {
  const { branch, commit, subject, author, ci } = environment;
  const targets = new Map(runs.flatMap(({ targets: each }) => each.map((target) => [JSON.stringify(target), target])));
  const job = ci === undefined ? undefined : ci.job === undefined ? ci.name : `${ci.name}: ${ci.job}`;
  return [
    ...(branch === undefined ? [] : [{ text: branch }]),
    ...(commit === undefined ? [] : [{ text: `commit ${commit.slice(0, 10)}` }]),
    ...(subject === undefined ? [] : [{ text: `“${subject}”` }]),
    ...(author === undefined ? [] : [{ text: author }]),
    ...(job === undefined ? [] : [{ text: job, ...linkOf(ci?.url) }]),
    ...[...targets.values()].map(({ origin, version }) => ({
      text: `target ${origin}${version === undefined ? '' : `, version ${version}`}`,
    })),
  ];
}

/** An address that comes with the data is one of the web, or no link. */
function linkOf(url: string | undefined): { href?: string } {
  if (url === undefined || !URL.canParse(url)) return {};
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? { href } : {};
}
