/**
 * Reads the runs that a worker attached to its test, live or out of merged blob reports. Of a run that was attached, only
 * its plan and its segments are kept; what it measured is read when it is added, since a merge may have a hundred of them.
 */
import { readFileSync } from 'node:fs';
import type { TestResult } from '@playwright/test/reporter';
import {
  type OpenedRun,
  openRun,
  payloadAttachment,
  requireSchema,
  type RunPayload,
} from '../../load/measure/payload.ts';
import type { RunPlan, SegmentData } from '../../load/measure/run-data.ts';

/** A run, or why its attachment could not be read: a lost result is reported, never skipped. */
export type AttachedRun =
  | {
      readonly kind: 'run';
      readonly plan: RunPlan;
      readonly segments: readonly SegmentData[];
      /** What it measured. Throws where the attachment is damaged. */
      readonly open: () => OpenedRun;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

type Attachment = Pick<TestResult['attachments'][number], 'name' | 'body' | 'path'>;

/** Whether any of the attachments is a run, readable or not. */
export function carriesRun(attachments: readonly Attachment[]): boolean {
  return attachments.some(isRun);
}

/** One for each `_load-run` attachment, in the order in which the runs ended. */
export function attachedRuns(attachments: readonly Attachment[]): AttachedRun[] {
  return attachments.filter(isRun).map(readRun);
}

/** By segments, so that it does not matter in which order they came; what cannot be read comes last. */
export function bySegment(a: AttachedRun, b: AttachedRun): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  const at = first.findIndex((each, n) => each !== second[n]);
  return at === -1 ? 0 : (first[at] ?? 0) < (second[at] ?? 0) ? -1 : 1;
}

function placeOf(run: AttachedRun): readonly (number | string)[] {
  if (run.kind === 'unreadable') return [Infinity, run.reason];
  const [segment] = run.segments;
  return segment === undefined
    ? [Infinity]
    : [segment.index, segment.of, segment.startedAtEpochMs, JSON.stringify(segment)];
}

function isRun({ name }: Attachment): boolean {
  return name === payloadAttachment;
}

function readRun(attachment: Attachment): AttachedRun {
  try {
    const { plan, segments } = payloadOf(attachment);
    if (segments.length === 0) return { kind: 'unreadable', reason: 'it names no segment' };
    return { kind: 'run', plan, segments, open: () => openRun(payloadOf(attachment)) };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function payloadOf({ body, path }: Attachment): RunPayload {
  const payload = JSON.parse(body?.toString('utf8') ?? readFileSync(path ?? '', 'utf8')) as RunPayload;
  requireSchema(payload);
  return payload;
}
