import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import type { Summary } from '../../load/measure/summary.ts';
import { slackNotice, teamsNotice } from './notice.ts';

const green = reportedRun(recordRun({ thresholds: [atMost('p95', 200)] }));
const red = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), { title: ['a.spec.ts', 'red'] });
const hostile =
  '<!channel> <http://x|y> & *b* `c` [l](http://x) \u001b[31m\n::error::z Bearer abcdefghijklmnopqrstuvwxyz012345';
const bad = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), {
  title: ['a.spec.ts', hostile.repeat(200)],
  reason: hostile.repeat(200),
});
const summaryWith = (runs: readonly (typeof green)[], more: Partial<Summary> = {}): Summary => ({
  ...summaryOfRuns(runs),
  ...more,
});
const environment: Summary['environment'] = {
  ...summaryOfRuns([green]).environment,
  commit: 'abcdef0123456789',
  branch: hostile,
  subject: hostile,
  author: 'A. U. Thor',
  ci: { name: 'GitHub Actions', job: 'load', url: 'https://user:secret@example.com/run/1?a=<b>|c' },
};

interface SlackText {
  readonly type: string;
  readonly text: string;
}
interface SlackNotice {
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text?: SlackText;
    readonly elements?: readonly SlackText[];
  }[];
}
const slack = (summary: Summary) => JSON.parse(slackNotice(summary, {})) as SlackNotice;

const cases: readonly { readonly what: string; readonly summary: Summary; readonly sections: number }[] = [
  { what: 'a green run', summary: summaryWith([green]), sections: 1 },
  { what: 'the one that is not green', summary: summaryWith([green, red, green]), sections: 1 },
  { what: 'ten of many, and how many more', summary: summaryWith(Array.from({ length: 64 }, () => red)), sections: 11 },
  { what: 'hostile texts', summary: summaryWith([bad], { environment }), sections: 1 },
  {
    what: 'runs and findings, as many as there can be',
    summary: summaryWith(
      Array.from({ length: 64 }, () => bad),
      {
        environment,
        findings: Array.from({ length: 64 }, () =>
          sampleFindingSummary({ verdict: 'failed', sentence: hostile.repeat(99) }),
        ),
      },
    ),
    sections: 21,
  },
  { what: 'no run', summary: summaryWith([]), sections: 0 },
];
for (const { what, summary, sections } of cases)
  test(`a notice of ${what} keeps Slack's limits`, () => {
    const { text, blocks } = slack(summary);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks.filter(({ type }) => type === 'section')).toHaveLength(sections);
    for (const { type, text: own, elements = [] } of blocks) {
      expect(own?.text.length ?? 1).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
      expect(own?.text.length ?? 1).toBeGreaterThan(0);
      expect(elements.length).toBeLessThanOrEqual(10);
      for (const each of elements) expect(each.text.length).toBeLessThanOrEqual(3_000);
    }
  });

test('what stands in a notice is text: no mention, no link but ours, no secret', () => {
  const { text, blocks } = slack(summaryWith([bad], { environment }));
  const markup = [
    text,
    ...blocks.flatMap(({ elements = [] }) => elements.filter(({ type }) => type === 'mrkdwn').map((each) => each.text)),
  ];
  for (const each of markup) expect(each.replace(/^<https:\/\/[^<>|\s]+\|[^<>|]*>$/, '')).not.toMatch(/[<>]/);
  for (const { text: own } of blocks) expect(own?.type ?? 'plain_text').toBe('plain_text');
  for (const written of [slackNotice, teamsNotice].map((write) => write(summaryWith([bad], { environment }), {})))
    expect(written).not.toMatch(/abcdefghijklmnop|secret|\\u001b/);
});

test('a text is cut between characters', () => {
  const long = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), {
    title: ['a.spec.ts', '😀'.repeat(400)],
    reason: `b${'😀'.repeat(999)}`,
  });
  for (const write of [slackNotice, teamsNotice])
    expect(write(summaryWith([long]), {})).not.toMatch(/\\ud[89ab]..(?!\\ud[c-f])/i);
});

test('the worst run stands first, with its verdict and its reason', () => {
  const { text, blocks } = slack(summaryWith([green, red]));
  expect(text).toMatch(
    /^✗ Load failed: 2 load runs in [\d.]+ s\na\.spec\.ts › red\n✗ failed · 10\.0\/s · p95 ~95\.0 ms/,
  );
  expect(blocks[1]?.text?.text).toContain('p95 95.0 ms (limit < 50ms): GET /api/v1/health, from 0:04');
});

test('a card of Teams is a message with one adaptive card, its links as buttons', () => {
  const { type, attachments } = JSON.parse(teamsNotice(summaryWith([red], { environment }), {})) as {
    readonly type: string;
    readonly attachments: readonly { readonly contentType: string; readonly content: Record<string, unknown> }[];
  };
  expect(type).toBe('message');
  expect(attachments).toHaveLength(1);
  expect(attachments[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(attachments[0]?.content).toMatchObject({
    type: 'AdaptiveCard',
    body: [
      { type: 'TextBlock', color: 'Attention', text: expect.stringMatching(/^✗ Load failed/) as unknown },
      { type: 'TextBlock' },
      { isSubtle: true },
    ],
    actions: [
      { type: 'Action.OpenUrl', title: 'GitHub Actions, load', url: 'https://example.com/run/1?a=%3Cb%3E%7Cc' },
    ],
  });
  expect(JSON.stringify(attachments).length).toBeLessThan(28_000);
});
