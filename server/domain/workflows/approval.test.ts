import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { instance, workflow } from '../../testing/workflows.ts';
import { scopes, type Scope } from '../api-keys.ts';
import type { Instance } from '../instance.ts';
import { ProblemError } from '../problem.ts';
import { awaitsApproval, differsFromPlan, skippedBy } from './approval.ts';
import { plannedFor } from './planned-for.ts';
import { defaultWorkflowSettings, type WorkflowProgress } from './workflow.ts';

const asked = [
  { mode: 'webhook', require_approval: false, needed: true },
  { mode: 'webhook', require_approval: true, needed: false },
  { mode: 'dry_run', require_approval: false, needed: false },
  { mode: 'dry_run', require_approval: true, needed: false },
] as const;
for (const { mode, require_approval, needed } of asked) {
  const settings = { ...defaultWorkflowSettings, require_approval };
  test(`${mode} with require_approval ${require_approval} ${needed ? 'needs' : 'does not need'} skip_approval`, () => {
    const ask = (held: readonly Scope[]) => skippedBy({ mode, settings }, { by: 'ci', scopes: new Set(held) });
    const others = scopes.filter((scope) => scope !== 'skip_approval');
    if (needed) expect(() => ask(others)).toThrow(ProblemError);
    else expect(ask(others)).toEqual({});
    expect(ask(['skip_approval'])).toEqual(needed ? { approval_skipped_by: 'ci' } : {});
  });

  test(`${mode} with require_approval ${require_approval}, stored with nobody who let it, waits as it must`, () => {
    expect(awaitsApproval(workflow('planned', {}, { mode, settings }))).toBe(require_approval || needed);
    const letThrough = workflow('planned', { approval_skipped_by: 'ci' }, { mode, settings });
    expect(awaitsApproval(letThrough)).toBe(require_approval);
  });
}

const changes = [{ flag: '--max-num-seqs', from: 256, to: 192 }];
const planned: WorkflowProgress = { changes, planned_for: plannedFor(instance) };
const tighter = { ...instance.constraints, forbid_flags: ['--max-num-seqs'] };

/** What became of the instance, and whether the change may go on before and after its first stage. */
const since: { what: string; now: Partial<Instance>; before: string | undefined; after: string | undefined }[] = [
  { what: 'nothing', now: {}, before: undefined, after: undefined },
  { what: 'other labels', now: { labels: { a: 'b' }, updatedAtMs: 9 }, before: undefined, after: undefined },
  { what: 'another flag', now: { config: { ...instance.config, '--x': 1 } }, before: undefined, after: undefined },
  { what: 'the flag written otherwise', now: { config: { max_num_seqs: 256 } }, before: undefined, after: undefined },
  { what: 'registered anew', now: { createdAtMs: 1 }, before: 'registered anew', after: 'registered anew' },
  { what: 'another engine', now: { engine: 'tgi' }, before: 'engine is tgi', after: 'engine is tgi' },
  { what: 'another page', now: { metricsUrl: 'http://127.0.0.1:1/' }, before: 'elsewhere', after: 'elsewhere' },
  { what: 'other constraints', now: { constraints: tighter }, before: 'constraints', after: undefined },
  { what: 'another value', now: { config: { '--max-num-seqs': 8 } }, before: '--max-num-seqs', after: undefined },
  { what: 'no value', now: { config: {} }, before: '--max-num-seqs', after: undefined },
];
for (const { what, now, before, after } of since) {
  test(`${what} since the plan: ${before === undefined ? 'goes on' : 'stops'}, later ${after === undefined ? 'goes on' : 'stops'}`, () => {
    const difference = (progress: WorkflowProgress) => differsFromPlan(progress, { ...instance, ...now });
    const matching = (words: string | undefined) =>
      words === undefined ? undefined : (expect.stringContaining(words) as unknown);
    expect(difference(planned)).toEqual(matching(before));
    expect(difference({ ...planned, applied: [10] })).toEqual(matching(after));
  });
}

test('a flag that was not set before may still be not set', () => {
  const progress = { ...planned, changes: [{ flag: '--kv-cache-dtype', from: null, to: 'fp8' }] };
  expect(differsFromPlan(progress, instance)).toBeUndefined();
  expect(differsFromPlan(progress, { ...instance, config: { '--kv-cache-dtype': 'auto' } })).toBeDefined();
});

test('what was planned before this was kept goes on', () => {
  expect(differsFromPlan({ changes }, { ...instance, engine: 'tgi' })).toBeUndefined();
});
