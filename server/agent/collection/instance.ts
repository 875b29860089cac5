/** An inference engine that the agent watches, as its operator registered it. */
import type { Engine } from '../engines/engine.ts';

/** What is known of an instance besides where its numbers are. */
export interface InstanceDetails {
  readonly labels: Readonly<Record<string, string>>;
  /** What it promises; `analysis/` knows the shape. */
  readonly slos: readonly unknown[];
}

export interface Instance extends InstanceDetails {
  readonly id: string;
  readonly engine: Engine;
  readonly metricsUrl: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
