/** What the agent answers through the `load` fixture, and to autocannon; and how much memory it holds afterwards. */
import { cpuShareOf, rssMbOf } from '../children/cpu-share.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { above, atLeast, below, type Bar, measured, type Reading } from '../reading.ts';
import { storedWorkflows, withAgent } from '../servers/start.ts';
import { type AgentAnswer, type AgentRates, agentSpeed } from '../worker/jobs.ts';

/** Requests a second: what the fixture must get out of the agent, and what the agent must be able to give. */
const bars = {
  health: { fixture: atLeast(10_000), agent: atLeast(15_000) },
  list: { fixture: above(1_000), agent: atLeast(3_000), p99Ms: below(50) },
  create: { fixture: atLeast(2_000), agent: atLeast(2_000) },
  timesPlaywright: atLeast(20),
  rssMb: below(150),
};

export const agent: Experiment = {
  name: 'agent',
  about: `the agent with ${storedWorkflows} workflows stored, 50 users, through the \`load\` fixture and by autocannon`,
  measure: async (setting) =>
    withAgent(setting, async ({ url, pid }) => {
      const size = setting.quick ? { rounds: 1, playwrightTimes: 500 } : { rounds: 3, playwrightTimes: 3_000 };
      const ask = { url, blockSeconds: setting.quick ? 1 : 2, ...size };
      const { result, share } = await cpuShareOf(pid, () => inWorker(setting, { job: agentSpeed, ask }));
      const rss = measured('agent: resident memory afterwards', 'MB', [await rssMbOf(pid)], { bar: bars.rssMb });
      return [...readingsOf(result.answer, share), rss];
    }),
};

function readingsOf({ health, list, create, playwright }: AgentAnswer, busy: number): Reading[] {
  const note = `the agent's core was ${busy} % busy on average`;
  return [
    ...both('GET health', health, bars.health, note),
    measured(
      "health: `load` fixture ÷ Playwright's context",
      '×',
      health.fixture.map((rate) => rate / playwright),
      {
        bar: bars.timesPlaywright,
        note: `Playwright's own context did ${Math.round(playwright)}/s in the same test`,
      },
    ),
    ...both('GET list of 50', list, bars.list),
    measured('GET list of 50: service p99', 'ms', list.p99Ms, { bar: bars.list.p99Ms }),
    ...both('POST workflow', create, bars.create),
  ];
}

function both(
  what: string,
  { fixture, autocannon, failed }: AgentRates,
  bar: { readonly fixture: Bar; readonly agent: Bar },
  note?: string,
): Reading[] {
  return [
    measured(`${what}: \`load\` fixture`, '/s', fixture, { bar: bar.fixture, ...(note !== undefined && { note }) }),
    measured(`${what}: autocannon`, '/s', autocannon, { bar: bar.agent }),
    ...(failed === 0 ? [] : [measured(`${what}: failed`, 'requests', [failed], { bar: { is: '=', limit: 0 } })]),
  ];
}
