/**
 * Shards start at different moments: machines boot, images are pulled, `npm ci` runs. Before its load each waits for all
 * others at the place that `LOAD_MEET` names, for a limited time, and then all start together.
 */
import type { TestInfo } from '@playwright/test';
import type { Share } from '../../profile/profile.ts';
import type { Clock } from '../../run/clock.ts';
import { sharedRunId } from '../segment.ts';
import { meetAtServer } from './meet-at-server.ts';
import { meetInFolder } from './meet-in-folder.ts';
import { meetingPlaceOf } from './meeting-place.ts';
import { partyOf } from './party.ts';

export interface Meeting {
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Resolves when all shards are there, or when the signal is aborted. Throws when they do not come in time, and names who is missing. */
  readonly wait: (parts: { readonly clock: Clock; readonly signal: AbortSignal }) => Promise<void>;
}

export interface MeetingParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly testInfo: Pick<TestInfo, 'testId' | 'titlePath' | 'repeatEachIndex' | 'project'>;
  readonly share: Share;
  /** Which load of its test, from 0. */
  readonly loadIndex: number;
}

/** Undefined where there is nobody to wait for, or no place. Throws `OptionsError` when the place or the time is wrong. */
export function meetingOf({ env, testInfo, share, loadIndex }: MeetingParts): Meeting | undefined {
  const place = meetingPlaceOf(env);
  if (place === undefined || share.of === 1) return undefined;
  const { testId, titlePath, repeatEachIndex, project } = testInfo;
  const party = partyOf({ runId: sharedRunId(env), project: project.name, testId, repeatEachIndex, loadIndex }, share);
  const what = `${titlePath.slice(1).join(' › ')}${loadIndex === 0 ? '' : `, load ${loadIndex + 1}`}`;
  return {
    timeoutMs: place.timeoutMs,
    wait: async (parts) =>
      place.kind === 'folder'
        ? meetInFolder({ ...parts, place, party })
        : meetAtServer({ ...parts, place, party, what }),
  };
}
