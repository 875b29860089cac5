/**
 * The result as a message for a chat: `notice.json` is what an incoming webhook of Slack takes, `notice.teams.json` what a
 * workflow of Microsoft Teams takes. Both post with one `curl -d @file`.
 *
 * Limits of Slack (Block Kit reference): 50 blocks, 150 characters of a header, 3,000 of a text. Texts from outside are
 * `plain_text`, in which nothing is markup; only links, whose addresses are ours, are not.
 */
import { cutText } from '../../load/measure/cut-text.ts';
import { maskText } from '../../load/measure/mask.ts';
import { isBadFinding, titleOfFinding } from '../../load/measure/finding.ts';
import type { RunSummary, Summary } from '../../load/measure/summary.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';
import { headlineOf } from '../../load/verdict/headline.ts';
import { isBad, verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import { plainLine } from '../words/plain-text.ts';
import { type OriginPart, originOf } from '../words/surroundings.ts';
import { culpritsOf, worstFirst } from '../words/worst-first.ts';

const mostRuns = 10;
const mostFindings = 10;
const mostHeader = 150;
/** Of a text; Slack takes 3,000. */
const mostText = 1_000;

interface Told {
  readonly title: string;
  readonly runs: readonly string[];
  readonly origin: readonly OriginPart[];
}

/** What both say. */
function toldOf(summary: Summary, env: NodeJS.ProcessEnv): Told {
  const { verdict, runs, durationMs, findings = [] } = summary;
  const counted = runs.length === 1 ? '1 load run' : `${formatCount(runs.length)} load runs`;
  const notGreen = runs.filter((run) => isBad(run.verdict) || run.verdict === 'acceptable');
  const worst = worstFirst(notGreen.length === 0 ? runs : notGreen);
  const bad = findings.filter(isBadFinding);
  const left = worst.length - mostRuns;
  return {
    title: `${verdictGlyphs[verdict]} Load ${verdict}: ${counted} in ${formatMs(durationMs)}`,
    runs: [
      ...worst.slice(0, mostRuns).map(runWords),
      ...(left > 0 ? [`and ${formatCount(left)} more runs`] : []),
      ...bad
        .slice(0, mostFindings)
        .map((finding) =>
          safe(`${finding.verdict}: ${titleOfFinding(finding)} of ${finding.title.join(' › ')}: ${finding.sentence}`),
        ),
    ],
    origin: originOf(summary.environment, env),
  };
}

function runWords(run: RunSummary): string {
  const whose = culpritsOf(run.thresholds).slice(0, 3);
  const lines = [run.title.join(' › '), headlineOf(run, run), ...whose.filter((words) => !run.reason.includes(words))];
  return lines.map(safe).join('\n');
}

function safe(text: string): string {
  return cutText(maskText(plainLine(text)), mostText / 4);
}

/** For `curl -H 'content-type: application/json' -d @load-results/notice.json "$SLACK_WEBHOOK"`. */
export function slackNotice(summary: Summary, env: NodeJS.ProcessEnv): string {
  const { title, runs, origin } = toldOf(summary, env);
  const context = origin.map(({ words, url }) =>
    url === undefined ? { type: 'plain_text', text: words } : { type: 'mrkdwn', text: `<${url}|${slackText(words)}>` },
  );
  const notice = {
    text: slackText(cutText([title, ...runs.slice(0, 1)].join('\n'), mostText)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cutText(title, mostHeader) } },
      ...runs.map((text) => ({ type: 'section', text: { type: 'plain_text', text: cutText(text, mostText) } })),
      ...(context.length === 0 ? [] : [{ type: 'context', elements: context }]),
    ],
  };
  return `${JSON.stringify(notice, undefined, 2)}\n`;
}

/** The three characters that Slack's markup takes as its own; a label of a link ends at `|`. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('|', '¦');
}

/** An adaptive card, as the workflow "post to a channel when a webhook request is received" takes it. */
export function teamsNotice(summary: Summary, env: NodeJS.ProcessEnv): string {
  const { title, runs, origin } = toldOf(summary, env);
  const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text: cardText(text), wrap: true, ...more });
  const actions = origin.flatMap(({ words, url }) =>
    url === undefined ? [] : [{ type: 'Action.OpenUrl', title: words, url }],
  );
  const notice = {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            block(title, { size: 'Large', weight: 'Bolder', color: cardColor(summary) }),
            ...runs.map((text) => block(cutText(text, mostText), { separator: true })),
            ...(origin.length === 0 ? [] : [block(origin.map(({ words }) => words).join(' · '), { isSubtle: true })]),
          ],
          ...(actions.length > 0 && { actions }),
        },
      },
    ],
  };
  return `${JSON.stringify(notice, undefined, 2)}\n`;
}

function cardColor({ verdict }: Summary): string {
  return isBad(verdict) ? 'Attention' : verdict === 'acceptable' ? 'Warning' : 'Good';
}

/** A text block reads a subset of Markdown: links, emphasis and lists. */
function cardText(text: string): string {
  return text.replace(/[\\`*_[\]]/g, '\\$&').replaceAll('\n', '\n\n');
}
