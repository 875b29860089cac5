/** Workflows as they travel: what may be asked for, and what comes back. */
import { z } from '@hono/zod-openapi';
import { analysisSchema } from '../domain/analysis/analyse.ts';
import { engineSchema } from '../domain/engines/engine.ts';
import { constraintsSchema } from '../domain/optimization/constraints.ts';
import { flagChangeSchema } from '../domain/optimization/flags.ts';
import { planSchema } from '../domain/optimization/plan.ts';
import { workflowStatuses } from '../domain/workflows/states.ts';
import {
  defaultWorkflowSettings,
  guardMetrics,
  phases,
  restartStates,
  verdicts,
  without,
  workflowModes,
  type Workflow,
  type WorkflowSummary,
} from '../domain/workflows/workflow.ts';
import { decodeCursor } from './cursor.ts';
import { instanceIdSchema } from './instance-schemas.ts';
import { isoTime } from './iso-time.ts';
import { limitSchema } from './paging.ts';

const { guard, ...settings } = defaultWorkflowSettings;

const guardSchema = z
  .strictObject({
    max_ttft_p95_regress_pct: z.number().min(0).max(1_000).default(guard.max_ttft_p95_regress_pct),
    max_itl_p95_regress_pct: z.number().min(0).max(1_000).default(guard.max_itl_p95_regress_pct),
    max_error_rate: z.number().min(0).max(1).default(guard.max_error_rate),
    min_requests: z.int().min(1).max(1_000_000).default(guard.min_requests),
  })
  .openapi('Guard');

const stagesSchema = z
  .array(z.int().min(1).max(100))
  .min(1)
  .max(10)
  .refine((stages) => stages.every((stage, at) => at === 0 || stage > (stages[at - 1] ?? 0)), {
    error: 'must ascend',
  })
  .refine((stages) => stages.at(-1) === 100, { error: 'must end at 100' });

export const createWorkflowSchema = z
  .strictObject({
    instance_id: instanceIdSchema,
    mode: z.enum(workflowModes).default('dry_run').meta({
      description:
        'webhook: each stage is sent to the configured webhook. dry_run: nothing is applied, and the result says so',
    }),
    require_approval: z.boolean().default(settings.require_approval),
    stages: stagesSchema.default([...settings.stages]),
    monitor_s: z.int().min(1).max(3_600).default(settings.monitor_s),
    restart_s: z.int().min(1).max(7_200).default(settings.restart_s).meta({
      description: 'How many seconds the engine may be away in each stage, when the change needs a restart',
    }),
    guard: guardSchema.default(guard),
  })
  .openapi('CreateWorkflow');

export const listQuerySchema = z.strictObject({
  status: z.enum(workflowStatuses).optional(),
  instance_id: instanceIdSchema.optional(),
  limit: limitSchema,
  cursor: z
    .string()
    .max(100)
    .refine((cursor) => decodeCursor(cursor) !== undefined, { error: 'must be a cursor from a `Link` header' })
    .optional(),
});

/** Any text: one that is no id is the id of nothing, which is answered 404. */
export const workflowParamsSchema = z.object({ id: z.string().max(200) });

/** Asking again with the same key has the effect of asking once. */
export const idempotencySchema = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, { error: 'must be 1 to 200 visible characters' })
    .optional()
    .meta({ description: 'Asking again with the same key has the effect of asking once' }),
});

export const decisionSchema = z
  .strictObject({
    reason: z
      .string()
      .max(1_000)
      .regex(/^[^\0]+$/, { error: 'must be 1 to 1000 characters, none of them NUL' })
      .optional(),
  })
  .openapi('DecisionRequest');

const summaryFields = {
  id: z.string(),
  instance_id: z.string(),
  status: z.enum(workflowStatuses),
  mode: z.enum(workflowModes),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

export const workflowSummarySchema = z.object(summaryFields).openapi('WorkflowSummary');

const figure = z.number().nullable();

const windowSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    requests: figure,
    error_rate: figure,
    ttft_p95_s: figure,
    itl_p95_s: figure,
    tokens_per_s: figure,
    kv_usage: figure,
    preemptions_per_s: figure,
  })
  .openapi('WindowFigures', { description: 'What the engine did in a window of time; null: it did not tell' });

const observationSchema = z
  .object({
    stage: z.number().meta({ description: 'Percentage of the rollout' }),
    window: windowSchema,
    restart: z.enum(restartStates).optional().meta({
      description: 'Whether the engine was seen as a new process since the stage was carried out',
    }),
    verdict: z.enum(['held', 'broken', 'inconclusive']),
    checks: z
      .array(
        z.object({
          metric: z.enum(guardMetrics),
          verdict: z.enum(['held', 'broken', 'unknown']),
          before: figure,
          after: figure,
          limit: z.string(),
        }),
      )
      .readonly(),
  })
  .openapi('Observation');

const progressFields = {
  reason: z.string().optional().meta({ description: 'Why it is where it is' }),
  created_by: z.string().optional(),
  approval_skipped_by: z.string().optional().meta({ description: 'The key that let the change through unasked' }),
  baseline: windowSchema.optional().meta({ description: 'Before the change' }),
  analysis: analysisSchema.optional(),
  plan: planSchema.optional(),
  changes: z.array(flagChangeSchema).readonly().optional(),
  planned_for: z
    .object({
      engine: engineSchema,
      metrics_url: z.string(),
      registered_at: z.iso.datetime(),
      constraints: constraintsSchema,
    })
    .optional()
    .meta({ description: 'The instance at that time; the change goes to this one or nowhere' }),
  decisions: z
    .array(
      z.object({
        verdict: z.enum(verdicts),
        by: z.string(),
        at: z.string(),
        reason: z.string().optional(),
        key: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  stage_index: z.number().optional(),
  applied: z.array(z.number()).readonly().optional().meta({ description: 'Percentages carried out' }),
  phase: z.enum(phases).optional().meta({
    description:
      'While a stage is observed. restarting: the engine is waited for; warming_up: the first window of the new process, not judged; measuring: the window that counts',
  }),
  phase_since: z.string().optional(),
  warmups: z
    .array(z.object({ stage: z.number(), window: windowSchema }))
    .readonly()
    .optional()
    .meta({ description: 'Windows that were not judged, since the engine had just started' }),
  observations: z.array(observationSchema).readonly().optional(),
  result: z
    .object({
      simulated: z.boolean().meta({ description: 'True when nothing was applied' }),
      deltas: z
        .array(
          z.object({ metric: z.string(), before: z.number(), after: z.number(), change_pct: z.number().optional() }),
        )
        .readonly(),
    })
    .optional(),
};

export const workflowSchema = z
  .object({
    ...summaryFields,
    require_approval: z.boolean(),
    stages: z.array(z.number()).readonly(),
    monitor_s: z.number(),
    restart_s: z.number(),
    guard: z.object({
      max_ttft_p95_regress_pct: z.number(),
      max_itl_p95_regress_pct: z.number(),
      max_error_rate: z.number(),
      min_requests: z.number(),
    }),
    ...progressFields,
  })
  .openapi('Workflow');

export function showSummary(workflow: WorkflowSummary) {
  return {
    id: workflow.id,
    instance_id: workflow.instanceId,
    status: workflow.status,
    mode: workflow.mode,
    created_at: isoTime(workflow.createdAtMs),
    updated_at: isoTime(workflow.updatedAtMs),
  };
}

/** But for what only the machine itself needs. */
export function showWorkflow(workflow: Workflow) {
  const progress = without(workflow.progress, 'baseline_slices', 'watch', 'told');
  return { ...showSummary(workflow), ...workflow.settings, ...progress };
}
