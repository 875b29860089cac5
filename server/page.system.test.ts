/**
 * The page at `/` as a person meets it: a real browser without scripts, a key as the password, the two buttons. And the page
 * for those who can't see it, have a narrow window, or only a keyboard.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { launchTestBrowser } from '../testing/browser.ts';
import { makeApiKey } from './domain/api-keys.ts';
import { WorkflowIds } from './domain/workflows/workflow-id.ts';
import type { Workflow } from './domain/workflows/workflow.ts';
import { playedSnapshots } from './fake-engine/played-snapshots.ts';
import { WorkflowStore } from './store/workflows.ts';
import { startListeningAgent, type ListeningAgent } from './testing/listening-agent.ts';
import { test } from './testing/plain-test.ts';
import { figures, workflow } from './testing/workflows.ts';

const boss = makeApiKey('boss', ['read', 'operate', 'approve']);
const ids = new WorkflowIds();
let browser: Browser;
let agent: ListeningAgent;

test.beforeAll(async () => {
  browser = await launchTestBrowser();
});
test.afterAll(() => browser.close());
test.beforeEach(async () => {
  agent = await startListeningAgent({ API_KEYS: boss.entry });
});
test.afterEach(() => agent.stop());

/** Stored as it is. @returns its id */
async function stored(status: Workflow['status'], given: Partial<Workflow> = {}): Promise<string> {
  const id = ids.next(Date.now());
  const changes = [{ flag: '--max-num-seqs', from: 256, to: 128 }];
  const made = workflow(status, { changes, ...given.progress }, { ...given, id, createdAtMs: Date.now() });
  await new WorkflowStore(agent.db).insertAll([{ ...made, progress: { changes, ...given.progress } }]);
  return id;
}

async function opened(given: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const httpCredentials = { username: 'me', password: boss.text };
  const page = await (await browser.newContext({ httpCredentials, ...given })).newPage();
  await page.goto(agent.url);
  return page;
}

const bearer = { authorization: `Bearer ${boss.text}` };
const stateOf = async (id: string) => (await agent.ask('GET', `/api/v1/workflows/${id}`, undefined, bearer)).body;

for (const [button, state] of [
  ['Approve', 'applying'],
  ['Reject', 'rejected'],
] as const) {
  test(`${button}: a person opens the page, gives a reason, presses and sees the state, without any script`, async () => {
    const id = await stored('awaiting_approval');
    const page = await opened({ javaScriptEnabled: false });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    await expect(page.getByText('you are boss')).toBeVisible();
    await page.getByLabel('Reason').fill('seen <b>it</b>');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByText('No workflow waits for a decision.')).toBeVisible();
    await expect(page.getByRole('row', { name: 'vllm-1' })).toContainText(state);
    expect(await stateOf(id)).toMatchObject({ status: state, decisions: [{ by: 'boss', reason: 'seen <b>it</b>' }] });
    expect(sent, 'nothing by the key that ends a line').toEqual([`/workflows/${id}/${button.toLowerCase()}`]);
    await page.context().close();
  });
}

test('by keyboard alone', async () => {
  const id = await stored('awaiting_approval');
  const page = await opened();
  await page.getByLabel('Reason').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Approve' })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByText('No workflow waits for a decision.')).toBeVisible();
  expect(await stateOf(id)).toMatchObject({ status: 'applying' });
  await page.context().close();
});

test('a tab that was left open decides about nothing else than what it shows', async () => {
  const id = await stored('awaiting_approval');
  const [first, second] = [await opened(), await opened()];
  await first.getByRole('button', { name: 'Reject' }).click();
  await second.getByRole('button', { name: 'Approve' }).click();
  await expect(second.getByRole('heading', { name: 'Conflict' })).toBeVisible();
  await second.getByRole('link', { name: 'Back to the agent' }).click();
  await expect(second.getByText('No workflow waits for a decision.')).toBeVisible();
  expect(await stateOf(id)).toMatchObject({ status: 'rejected', decisions: [{ verdict: 'rejected' }] });
  for (const page of [first, second]) await page.context().close();
});

/** All that can stand on the page, with words and names as long as they may be. */
async function fillPage(): Promise<void> {
  const long = 'x'.repeat(900);
  for (const id of ['vllm-1', 'w'.repeat(64)]) {
    const registered = { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics' };
    expect((await agent.ask('PUT', `/api/v1/instances/${id}`, registered, bearer)).status).toBeLessThan(300);
  }
  const played = { engine: 'vllm', scenario: 'kv_exhaustion', count: 30, everyMs: 10_000, nowMs: Date.now() } as const;
  for (const snapshot of playedSnapshots(played)) await agent.parts.snapshots.insert('vllm-1', snapshot);
  const check = {
    metric: 'ttft_p95_s',
    verdict: 'unknown',
    before: 1.25,
    after: null,
    limit: 'at most +10 %',
  } as const;
  const observations = [{ stage: 10, window: figures, verdict: 'inconclusive' as const, checks: [check] }];
  const changes = [{ flag: `--${long}`, from: long, to: long }];
  await stored('awaiting_approval', { instanceId: 'w'.repeat(64), progress: { changes, created_by: 'k'.repeat(64) } });
  await stored('inconclusive', { instanceId: 'b', progress: { observations, reason: long, stage_index: 0 } });
  await stored('observing', { instanceId: 'c', progress: { phase: 'warming_up', stage_index: 1, reason: long } });
  await stored('failed', { instanceId: 'd'.repeat(64), progress: { reason: long, changes } });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 1_280]) {
    test(`in ${colorScheme} at ${width} pixels nothing hinders a reader, and nothing is cut off`, async () => {
      await fillPage();
      const page = await opened({ colorScheme, viewport: { width, height: 800 } });
      await page.locator('details').first().click();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.context().close();
    });
  }
}
