/** Today's agent on the database of the first release: it reads all of it, and goes on where that one was killed. */
import { expect } from '@playwright/test';
import { startFakeEngine } from './fake-engine/server.ts';
import { agentProcesses, type AgentProcess } from './testing/agent-process.ts';
import { writeFirstRelease } from './testing/first-release.ts';
import { test } from './testing/plain-test.ts';
import { startTestPostgres } from './testing/postgres.ts';

const { folder, start } = agentProcesses();
const secret = 'a secret of the tests';
const over = ['completed', 'rolled_back', 'rejected', 'cancelled', 'failed', 'no_action'];

/** Where the first release left each workflow, and where it may stand in the end. */
const paths: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(over.map((status) => [status, [status]])),
  queued: ['queued'], // one for an instance that never came, one behind a workflow that waits
  awaiting_approval: ['awaiting_approval'],
  inconclusive: ['inconclusive'],
  rolling_back: ['rolled_back'],
  applying: ['completed', 'rolled_back', 'inconclusive'],
  observing: ['completed', 'rolled_back', 'inconclusive'],
  collecting: ['awaiting_approval'], // on an engine in trouble
};

/** What was asked then, under an idempotency key. */
const requestThen = {
  instance_id: 'i-later',
  mode: 'dry_run',
  monitor_s: 60,
  guard: { min_requests: 1, max_error_rate: 1, max_ttft_p95_regress_pct: 1_000, max_itl_p95_regress_pct: 1_000 },
  require_approval: true,
  stages: [50, 100],
};

const read = async (agent: AgentProcess, id: unknown) =>
  (await agent.ask('GET', `/api/v1/workflows/${String(id)}`)).body;

for (const dialect of ['sqlite', 'postgres'] as const) {
  test(`${dialect}: the first release's database is migrated, read, analysed, and its workflows go on`, async () => {
    const postgres = dialect === 'postgres' ? await startTestPostgres() : undefined;
    const asked = { engine: 'vllm', scenario: 'kv_exhaustion', speed: 40, secret } as const;
    const engine = await startFakeEngine(asked);
    // Whose window before the change is being measured: the rollouts of the others restart theirs again and again.
    const undisturbed = await startFakeEngine(asked);
    try {
      const databaseUrl = await postgres?.newDatabase();
      const where = databaseUrl === undefined ? { dataDir: folder() } : { databaseUrl };
      const before = await writeFirstRelease(where, {
        metricsUrl: (id) => (id === 'i-collecting' ? undisturbed : engine).metricsUrl,
        nowMs: Date.now(),
      });
      const agent = await start({
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
        ...{ CLOCK_FACTOR: '600', WORKFLOW_LEASE_MS: '1000', WORKFLOW_POLL_MS: '100', SCRAPE_INTERVAL_MS: '60000' },
        ...{ WEBHOOK_URL: engine.rolloutUrl, WEBHOOK_SECRET: secret },
        SCRAPE_TIMEOUT_MS: '20000', // the engine stands still with the test
      });
      expect((await agent.ask('GET', '/readyz')).status).toBe(200);

      const list = (await agent.ask('GET', '/api/v1/workflows?limit=200')).body as unknown as { id: string }[];
      expect(list.map(({ id }) => id)).toEqual(before.map(({ id }) => id).sort().reverse()); // prettier-ignore
      expect(new Set(before.map(({ status }) => status))).toEqual(new Set(Object.keys(paths)));

      const history = await agent.ask('GET', '/api/v1/history/i-sglang');
      expect([history.status, (history.body as unknown as unknown[]).length]).toEqual([200, 6]);
      const analysed = await agent.ask('POST', '/api/v1/analyze', { instance_id: 'i-sglang', window_s: 300 });
      expect([analysed.status, Object.keys(analysed.body)]).toEqual([
        200,
        expect.arrayContaining(['findings', 'score']),
      ]);

      for (const { id, status } of before) {
        const allowed = paths[String(status)] ?? [];
        const now = async () => {
          const { status: is, reason } = await read(agent, id);
          return is === 'failed' && status !== 'failed' ? `failed: ${String(reason)}` : is; // why, where it should not
        };
        await expect.poll(now, { timeout: 60_000, intervals: [200], message: `from ${String(status)}` }).toMatch(new RegExp(`^(${allowed.join('|')})$`)); // prettier-ignore
      }
      const waiting = before.find(({ status }) => status === 'awaiting_approval');
      const page = await agent.ask('GET', '/');
      expect([page.status, page.text.match(/\b(undefined|NaN|null|Invalid|object Object)\b/g)]).toEqual([200, null]);
      expect(page.text).toContain(`/workflows/${String(waiting?.['id'])}/approve`);
      const approved = await agent.ask('POST', `/api/v1/workflows/${String(waiting?.['id'])}/approve`, {});
      expect(approved.status).toBe(200);
      await expect
        .poll(async () => (await read(agent, waiting?.['id']))['status'], { timeout: 60_000 })
        .toMatch(/^(completed|rolled_back|inconclusive)$/);

      const queued = before.find(({ request_key: key }) => key === 'anonymous:first-release-2');
      const again = await agent.ask('POST', '/api/v1/workflows', requestThen, { 'idempotency-key': 'first-release-2' });
      expect([again.status, again.body['id']]).toEqual([202, queued?.['id']]);
    } finally {
      await undisturbed.stop();
      await engine.stop();
      await postgres?.stop();
    }
  });
}
