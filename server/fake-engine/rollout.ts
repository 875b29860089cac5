/** The message by which the agent asks for a stage, and what a deployer makes of it. */
import { z } from 'zod';
import type { Engine } from '../domain/engines/engine.ts';
import { knowsFlag, type FlagValue, type Flags } from './tuning.ts';

const flagValue = z.union([z.string().max(256), z.number(), z.boolean(), z.null()]);

export const rolloutSchema = z.object({
  action: z.enum(['apply', 'rollback']),
  workflow_id: z.string().min(1).max(128),
  instance_id: z.string().min(1).max(128),
  engine: z.string().max(32),
  stage: z.int().min(0).max(100),
  changes: z.array(z.object({ flag: z.string().min(1).max(128), from: flagValue, to: flagValue })).max(32),
  idempotency_key: z.string().min(1).max(256),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** Why this engine can't carry it out; empty when it can. */
export function rolloutProblems(engine: Engine, rollout: Rollout): string[] {
  const problems = rollout.changes
    .filter(({ flag }) => !knowsFlag(engine, flag))
    .map(({ flag }) => `${engine} has no flag \`${flag}\` here`);
  if (rollout.engine !== engine) problems.unshift(`\`engine\` must be \`${engine}\`, got \`${rollout.engine}\``);
  return problems;
}

/** What the engine should run with. A rollback's changes are backwards already: its `to` is what was before. */
export function changedFlags({ changes }: Rollout): Flags {
  return Object.fromEntries(changes.map(({ flag, to }): [string, FlagValue] => [flag, to]));
}
