/** The agent under the `load` fixture, autocannon beside it in turn, and Playwright's own context once. */
import { type Load, type Scenario, test, users } from '../../load/index.ts';
import { autocannon } from '../children/autocannon.ts';
import { inTurn } from '../spread.ts';
import { askOnce, connections, hammerTimes } from './hammer.ts';
import { type AgentRates, agentSpeed } from './jobs.ts';

interface Endpoint {
  readonly scenario: Scenario;
  readonly plain: { readonly url: string; readonly method?: 'POST'; readonly body?: string };
}

const workflow = { instance_id: 'vllm-1' };

function endpointsOf(base: string): Readonly<Record<'health' | 'list' | 'create', Endpoint>> {
  const [health, list, workflows] = [
    `${base}/api/v1/health`,
    `${base}/api/v1/workflows?limit=50`,
    `${base}/api/v1/workflows`,
  ];
  return {
    health: { scenario: ({ request }) => askOnce(request, health), plain: { url: health } },
    list: { scenario: ({ request }) => askOnce(request, list), plain: { url: list } },
    create: {
      scenario: async ({ request }) => {
        const response = await request.post(workflows, { data: workflow });
        await response.json();
        await response.dispose();
      },
      plain: { url: workflows, method: 'POST', body: JSON.stringify(workflow) },
    },
  };
}

test('endpoints in turn', async ({ load, request }) => {
  const { url, rounds, blockSeconds, playwrightTimes } = agentSpeed.ask();
  const blocks = { rounds, seconds: blockSeconds };
  const { health, list, create } = endpointsOf(url);
  const answers = { health: await ratesOf(load, health, blocks), list: await ratesOf(load, list, blocks) };
  const playwright = await hammerTimes(request, health.plain.url, playwrightTimes);
  agentSpeed.answer({ ...answers, playwright, create: await ratesOf(load, create, blocks) });
});

async function ratesOf(
  load: Load,
  { scenario, plain }: Endpoint,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<AgentRates> {
  const rates = { fixture: [] as number[], autocannon: [] as number[], p99Ms: [] as number[] };
  let failed = 0;
  const blocks = {
    fixture: async () => {
      const warmUp = rates.fixture.length === 0 ? '1s' : '0s';
      const options = { unjudged: true, whenSaturated: 'warn', warmUp } as const;
      const run = await load(users(connections).for(`${seconds}s`), scenario, options);
      rates.fixture.push(run.throughputPerSec ?? Number.NaN);
      rates.p99Ms.push(run.serviceMs?.p99 ?? Number.NaN);
      failed += run.requests.started - run.requests.ok;
    },
    autocannon: async () => {
      rates.autocannon.push((await autocannon({ ...plain, seconds, warmUpCpuSeconds: 1, connections })).perSec);
    },
  };
  for (let round = 0; round < rounds; round++)
    for (const name of inTurn(['fixture', 'autocannon'] as const, round)) await blocks[name]();
  return { ...rates, failed };
}
