/** What a report is told of the process that made a share of a load: when, against what, and what befell it. */
import { dirname } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { commitOf } from '../measure/commit.ts';
import type { GeneratorSeries } from '../measure/generator-series.ts';
import { machineWords } from '../measure/machine-words.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { SegmentData } from '../measure/run-data.ts';
import type { Profile } from '../profile/profile.ts';
import { availableCores } from '../resources/available-cores.ts';
import { quietly } from '../resources/observing.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import type { RunEnd } from '../run/run-load.ts';
import { clockOffsetMs, type Place, sharedRunId, shareOf } from './segment.ts';
import { planHashOf, targetOf } from './segment-origin.ts';

export function segmentOf({
  testInfo,
  contextOptions,
  place,
  profile,
  resolved,
  coresWhy,
  recorder,
  incidents,
  burden,
  end,
  generator,
}: {
  readonly testInfo: TestInfo;
  readonly contextOptions: { readonly baseURL?: string | undefined };
  readonly place: Place;
  readonly profile: Profile;
  readonly resolved: ResolvedOptions;
  readonly coresWhy: string | undefined;
  readonly recorder: Recorder;
  /** A sentence each. */
  readonly incidents: readonly string[];
  readonly burden: string | undefined;
  readonly end: RunEnd;
  readonly generator: GeneratorSeries;
}): SegmentData {
  const target = targetOf(recorder, contextOptions.baseURL, testInfo.config);
  const offsetMs = clockOffsetMs(process.env);
  const planHash = quietly('the hash of the plan', () => planHashOf(profile, resolved, testInfo.file));
  const { shard, core } = place;
  const share = shareOf(place);
  const commit = shard.of === 1 ? undefined : commitOf(dirname(testInfo.file), process.env);
  return {
    ...(target !== undefined && { target }),
    ...(commit !== undefined && { commit }),
    ...(planHash !== undefined && { planHash }),
    environment: machineWords(process.env, availableCores()),
    ...(offsetMs !== 0 && { clockOffsetMs: offsetMs }),
    runId: sharedRunId(process.env),
    index: share.index,
    of: share.of,
    ...(core.of > 1 && { core: { ...core, lateMs: 0 } }),
    ...(coresWhy !== undefined && core.index === 0 && { coresWhy }),
    startedAtEpochMs: end.startedAtEpochMs - offsetMs,
    durationMs: end.endedAtMs - end.beganAtMs,
    ...(end.stopped !== undefined && { stopped: end.stopped }),
    ...(incidents.length > 0 && { incidents }),
    ...(burden !== undefined && { burden }),
    generator,
    pid: process.pid,
  };
}
