/** An inference engine that the agent watches, as its operator registered it. */
import type { Slo } from './analysis/slo.ts';
import type { Constraints } from './optimization/constraints.ts';
import type { Config } from './optimization/flags.ts';
import type { Engine } from './engines/engine.ts';

/** What is known of an instance besides where its numbers are. */
export interface InstanceDetails {
  readonly labels: Readonly<Record<string, string>>;
  /** What it promises. */
  readonly slos: readonly Slo[];
  /** The flags it runs with, as far as its operator told. What is not here is not known, and is not changed. */
  readonly config: Config;
  /** What a plan must keep to. */
  readonly constraints: Constraints;
}

export interface Instance extends InstanceDetails {
  readonly id: string;
  readonly engine: Engine;
  readonly metricsUrl: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
