/** The pages that are looked at beside the loads of a test, as its session has them. */
import type { TestInfo } from '@playwright/test';
import { Probes } from '../probe/probes.ts';
import type { Aim } from '../run/aim.ts';
import type { Clock } from '../run/clock.ts';
import { extendTimeout } from './test-time.ts';

const leftOut = {
  type: 'probe',
  description: 'experiments are loads without rounds of a probe: what they find is of the server',
} as const;

export interface PagesOfTest {
  readonly clock: Clock;
  /** Its loads. */
  readonly session: { readonly once: boolean; readonly isLoading: boolean };
  /** Where another process leads this one. */
  readonly nested: object | undefined;
}

/** The test's timeout grows with their rounds. */
export function probesOf(testInfo: TestInfo, { clock, session, nested }: PagesOfTest): Probes {
  const isFurtherCore = nested !== undefined;
  const beganAtMs = clock.now();
  const needs = (ms: number) => {
    if (!isFurtherCore) extendTimeout(testInfo, clock.now() - beganAtMs + ms); // the first core says how long those take
  };
  return new Probes({ clock, loads: session, isFurtherCore, needs });
}

/** Those beside a load. An experiment has none, and its test says so. */
export function probesBeside(probes: Probes, { annotations }: TestInfo, aim: Aim): Probes | undefined {
  const { ofExperiment, unprobed } = aim;
  if (ofExperiment === true && probes.any && !annotations.includes(leftOut)) annotations.push(leftOut);
  return ofExperiment === true || unprobed === true ? undefined : probes;
}
