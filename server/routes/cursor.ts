/**
 * Where a page of the workflow list ended. The cursor is the last id in base64url: opaque to the client, so that what is
 * in it may change, and checked when it comes back.
 */
import { workflowIdPattern } from '../domain/workflows/workflow-id.ts';

export function encodeCursor(lastId: string): string {
  return Buffer.from(lastId, 'latin1').toString('base64url');
}

/** The id in a cursor, or `undefined` when it is not one of ours. */
export function decodeCursor(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  return workflowIdPattern.test(id) && encodeCursor(id) === cursor ? id : undefined;
}
