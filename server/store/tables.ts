/**
 * The tables as Kysely sees them. Moments are milliseconds since 1970; JSON is text, since nothing is ever searched
 * inside it and both databases then store the same.
 */
import type { ColumnType, Kysely } from 'kysely';

export interface WorkflowTable {
  /** A UUID of version 7: sorting by it is sorting by time. */
  id: ColumnType<string, string, never>;
  instance_id: ColumnType<string, string, never>;
  status: string;
  mode: ColumnType<string, string, never>;
  created_at: ColumnType<number, number, never>;
  updated_at: number;
  /** Counts the changes: a writer that read an older one has lost the race. */
  version: number;
  /** The agent that runs this workflow at the moment, and until when nobody else may. */
  lease_owner: string | null;
  lease_until: number;
  /** When the next step is due; no step before. */
  due_at: number;
  /** What the creator asked for, JSON. */
  settings: ColumnType<string, string, never>;
  /** What has come of it so far, JSON. */
  progress: string;
}

export interface Tables {
  workflows: WorkflowTable;
}

export type Database = Kysely<Tables>;
