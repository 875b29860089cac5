/**
 * The tables as Kysely sees them. Moments are milliseconds since 1970; JSON is text, since nothing is ever searched
 * inside it and both databases then store the same.
 */
import type { ColumnType, Kysely } from 'kysely';

/** Written once. */
type Fixed<T> = ColumnType<T, T, never>;

export interface WorkflowTable {
  /** A UUID of version 7: sorting by it is sorting by time. */
  id: Fixed<string>;
  instance_id: Fixed<string>;
  status: string;
  mode: Fixed<string>;
  created_at: Fixed<number>;
  updated_at: number;
  /** Counts the changes: a writer that read an older one has lost the race. */
  version: number;
  /** The agent that runs this workflow at the moment, and until when nobody else may. */
  lease_owner: string | null;
  lease_until: number;
  /** Who asked for it, and under which idempotency key; both in one, unique. */
  request_key: Fixed<string | null>;
  /** A digest of the request that came with that key. */
  request_hash: Fixed<string | null>;
  /** What the creator asked for, JSON. */
  settings: Fixed<string>;
  /** What has come of it so far, JSON. */
  progress: string;
}

interface WorkflowEventTable {
  workflow_id: Fixed<string>;
  /** Counts up from 1 within a workflow. */
  seq: Fixed<number>;
  at: Fixed<number>;
  status: Fixed<string>;
  reason: Fixed<string | null>;
}

export interface InstanceTable {
  id: Fixed<string>;
  engine: string;
  metrics_url: string;
  /** Labels, SLOs and known flags, JSON. */
  details: string;
  created_at: Fixed<number>;
  updated_at: number;
}

interface SnapshotTable {
  instance_id: Fixed<string>;
  taken_at: Fixed<number>;
  engine: Fixed<string>;
  /** The snapshot, JSON. */
  snapshot: Fixed<string>;
}

/** Moments of the agent's own: `write` is the last time that one tried whether it could write. */
interface MarkTable {
  name: Fixed<string>;
  at: number;
}

export interface Tables {
  workflows: WorkflowTable;
  workflow_events: WorkflowEventTable;
  instances: InstanceTable;
  snapshots: SnapshotTable;
  marks: MarkTable;
}

export type Database = Kysely<Tables>;
