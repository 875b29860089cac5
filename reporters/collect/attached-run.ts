/** Reads the runs that a worker attached to its test, live or out of merged blob reports. */
import { readFileSync } from 'node:fs';
import type { TestResult } from '@playwright/test/reporter';
import { decodeRun, payloadAttachment, type RunPayload } from '../../load/measure/payload.ts';
import type { RunData } from '../../load/measure/run-data.ts';

/** A run, or why its attachment could not be read: a lost result is reported, never skipped. */
export type AttachedRun =
  { readonly kind: 'run'; readonly data: RunData } | { readonly kind: 'unreadable'; readonly reason: string };

type Attachment = Pick<TestResult['attachments'][number], 'name' | 'body' | 'path'>;

/** One for each `_load-run` attachment, in the order in which the runs ended. */
export function attachedRuns(attachments: readonly Attachment[]): AttachedRun[] {
  return attachments.filter(({ name }) => name === payloadAttachment).map(readRun);
}

function readRun({ body, path }: Attachment): AttachedRun {
  try {
    const text = body?.toString('utf8') ?? readFileSync(path ?? '', 'utf8');
    const data = decodeRun(JSON.parse(text) as RunPayload);
    if (data.segments.length === 0) return { kind: 'unreadable', reason: 'it names no segment' };
    return { kind: 'run', data };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}
