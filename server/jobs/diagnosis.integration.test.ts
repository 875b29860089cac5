/** What a diagnosis is given: the history as far as it needs it, and numbers that nobody changes while it looks at them. */
import { expect } from '@playwright/test';
import { analyse } from '../domain/analysis/analyse.ts';
import { Timeline } from '../domain/analysis/timeline.ts';
import { distributionOf } from '../domain/engines/distribution.ts';
import { startTestAgent } from '../testing/agent.ts';
import { test } from '../testing/plain-test.ts';
import { nowMs, repeated, snapshot } from '../testing/snapshots.ts';
import { instance as plain } from '../testing/workflows.ts';
import type { WorkflowStore } from '../store/workflows.ts';
import { Diagnosis } from './diagnosis.ts';

const instance = { ...plain, constraints: { ...plain.constraints, allow_shorter_context: true } };
const asked = { instance, windowS: 300, minRequests: 50, collect: false };

test('with snapshots of more than three days every burn rate is evaluated', async () => {
  const agent = await startTestAgent();
  try {
    const since = (Date.now() - nowMs) / 1_000;
    for (let hours = 80; hours >= 0; hours--)
      await agent.parts.snapshots.insert(instance.id, snapshot(hours * 3_600 + 60 - since, { done: 90, failed: 10 }));
    const slos = [{ name: 'errors', metric: 'error_rate', op: '<', target: 0.01, window_s: 300 }] as const;
    const analysis = await agent.parts.diagnosis.analyse({ ...asked, slos });
    const burns = analysis.slos.flatMap(({ burn }) => burn.map(({ long_s, reason }) => [long_s, reason]));
    expect(burns).toEqual([3_600, 21_600, 259_200].map((longS) => [longS, null]));
  } finally {
    await agent.stop();
  }
});

test('a plan rests on the numbers of its analysis, whoever changes the line meanwhile', async () => {
  const line = new Timeline();
  const upTo = (...counts: number[]) => {
    const lengths = distributionOf({ bounds: [1_000, 2_000], counts, sum: null });
    return { prompt_length: lengths, generation_length: lengths };
  };
  const fields = { kv_usage: 0.97, preemptions: 12, done: 60, failed: 0, waiting: 37, running: 9 };
  const full = [snapshot(50, { ...fields, ...upTo(0, 200, 0) }), ...repeated(5, { ...fields, ...upTo(200, 0, 0) })];
  const diagnosis = new Diagnosis({
    lines: {
      upToDate: async () => {
        line.keep(() => false);
        for (const one of full) line.add(one);
        return line;
      },
    } as never,
    // Somebody asks for the same line while the store is asked for what was tried before.
    workflows: {
      changed: async () => {
        line.keep((atMs) => atMs > nowMs - 50_000);
        return [];
      },
    } as unknown as WorkflowStore,
    collector: undefined as never,
    clock: { nowMs: () => nowMs },
    scrapeTimeoutMs: 1,
  });
  const { analysis, plan } = await diagnosis.plan({ ...asked, config: { '--max-model-len': 8_192 } });
  expect(analysis).toEqual(analyse({ engine: 'vllm', snapshots: full, nowMs }));
  expect(plan.changes).toEqual([{ flag: '--max-model-len', from: 8_192, to: 4_096 }]);
});
