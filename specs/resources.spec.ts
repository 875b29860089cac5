/**
 * Resources: what the server's own process needs under load and afterwards. The series are samples of that process, so
 * the server must run on this machine.
 */
import {
  cpuReturn,
  describeCpuRecovery,
  describeMemoryGrowth,
  memoryGrowth,
  type ResourceSeries,
} from 'playload/analysis';
import { arrivals, expect, type LoadRun, test } from 'playload';
import { mixed } from './mixed.ts';
import { memoryGrowthLimitMb } from './plan.ts';

const tag = ['@resources', '@performance', '@slow'];

test(
  'memory grows by less than 100 MB under load and settles; CPU returns to idle',
  { tag },
  async ({ load, serverPid }) => {
    expect(
      serverPid,
      'the process of the server is not known: let Playwright start it, or set `serverPid`',
    ).toBeDefined();
    const run = await load(arrivals('500/s').for('20s'), mixed, {
      warmUp: '5s',
      observe: { before: '12s', after: '15s' },
    });
    expect(run).toMeet({ successRate: '100%' });
    if (run.once) return; // no load, and so nothing that memory and CPU could return from

    const server = seriesOf(run);
    const memory = memoryGrowth(server, { limitMb: memoryGrowthLimitMb });
    const cpu = cpuReturn(server);
    test
      .info()
      .annotations.push(
        { type: 'memory', description: describeMemoryGrowth(memory) },
        { type: 'cpu', description: describeCpuRecovery(cpu) },
      );
    expect(memory, describeMemoryGrowth(memory)).toMatchObject({ kind: 'settled' });
    expect(cpu, describeCpuRecovery(cpu)).toMatchObject({ kind: 'recovered' });
  },
);

test('two minutes show no leak of memory or handles, and no drift of latency', { tag }, async ({ load }) => {
  const blocks = { minBlock: '7s', blocks: 16 } as const; // as many as a trend needs, for leaks of 5 MB a minute and more
  const soak = await load.soak({ profile: arrivals('200/s').for('2m'), memory: blocks, handles: blocks }, mixed);
  expect(soak.memory).toBeDefined();
  expect(soak.run).toMeet({ successRate: '100%' });
});

function seriesOf(run: LoadRun): ResourceSeries {
  const server = run.resources.find(({ name }) => name === 'server');
  if (server === undefined) throw new Error('the server was not watched');
  return server;
}
