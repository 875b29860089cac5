/** What can be said of a fake engine, from code or from the command line, checked all at once. */
import { z } from 'zod';
import { engineSchema } from '../domain/engines/engine.ts';
import { faultSchema } from './faults.ts';
import { scenarioNames } from './scenarios.ts';

const fakeEngineOptionsSchema = z.strictObject({
  engine: engineSchema.default('vllm'),
  scenario: z.enum(scenarioNames).default('healthy'),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 picks a free one. */
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  speed: z.coerce.number().gt(0).max(1_000).default(1),
  warm_up_s: z.coerce.number().min(0).max(3_600).default(60),
  restart_ms: z.coerce.number().int().min(0).max(3_600_000).default(0),
  model: z.string().min(1).max(256).default('meta-llama/Llama-3.1-8B-Instruct'),
  /** Shared with the agent; without one no rollout is accepted. */
  secret: z.string().min(1).optional(),
  fault: faultSchema.optional(),
});
export type FakeEngineOptions = z.input<typeof fakeEngineOptionsSchema>;
export type ResolvedOptions = z.output<typeof fakeEngineOptionsSchema>;

/** Some options are wrong; `problems` says which, one line each. */
export class FakeEngineOptionsError extends Error {
  override readonly name = 'FakeEngineOptionsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`fake engine: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** Throws `FakeEngineOptionsError` with every problem there is. */
export function resolveOptions(options: unknown): ResolvedOptions {
  const parsed = fakeEngineOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new FakeEngineOptionsError(describeIssues(parsed.error));
}

/** One line for each wrong field, naming it. */
export function describeIssues({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `\`${path.join('.')}\`: ${message}`));
}
