/** What was known of an instance when a change for it was planned. */
import type { Engine } from '../engines/engine.ts';
import type { Instance } from '../instance.ts';
import type { Constraints } from '../optimization/constraints.ts';

export interface PlannedFor {
  readonly engine: Engine;
  readonly metrics_url: string;
  /** Another moment: the id stands for another instance by now. */
  readonly registered_at: string;
  readonly constraints: Constraints;
}

export function plannedFor({ engine, metricsUrl, createdAtMs, constraints }: Instance): PlannedFor {
  return { engine, metrics_url: metricsUrl, registered_at: new Date(createdAtMs).toISOString(), constraints };
}
