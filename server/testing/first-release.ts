/**
 * A database as the first release (commit 111b28a) left it when it was killed: `first-release.json.gz` has its tables in
 * the words of both databases, and its rows: instances of three engines, their snapshots, and workflows that wait, run
 * under a lease, and are over.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Libsql from 'libsql';
import pg from 'pg';

type Row = Readonly<Record<string, string | number | null>>;

interface FirstRelease {
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

interface Fit {
  /** Where its vLLM of this id is now. */
  readonly metricsUrl: (instanceId: string) => string;
  /** Its last snapshot is from then. */
  readonly nowMs: number;
}

type Where = { readonly dataDir: string } | { readonly databaseUrl: string };

/** Writes that database into an empty one. @returns its workflows. */
export async function writeFirstRelease(where: Where, fit: Fit): Promise<readonly Row[]> {
  const packed = await readFile(join(import.meta.dirname, 'first-release.json.gz'));
  const { sqlite, postgres, rows } = JSON.parse(gunzipSync(packed).toString()) as FirstRelease;
  const moved = { ...rows, instances: movedInstances(rows, fit), snapshots: movedSnapshots(rows, fit) };
  if ('dataDir' in where) writeSqlite(where.dataDir, sqlite, moved);
  else await writePostgres(where.databaseUrl, postgres, moved);
  return rows['workflows'] ?? [];
}

function movedInstances({ instances = [] }: FirstRelease['rows'], { metricsUrl }: Fit): readonly Row[] {
  return instances.map((row) =>
    row['engine'] === 'vllm' ? { ...row, metrics_url: metricsUrl(String(row['id'])) } : row,
  );
}

function movedSnapshots({ snapshots = [] }: FirstRelease['rows'], { nowMs }: Fit): readonly Row[] {
  const byMs = nowMs - Math.max(...snapshots.map((row) => Number(row['taken_at'])));
  return snapshots.map((row) => {
    const takenAt = Number(row['taken_at']) + byMs;
    const snapshot = JSON.parse(String(row['snapshot'])) as object;
    return { ...row, taken_at: takenAt, snapshot: JSON.stringify({ ...snapshot, taken_at: new Date(takenAt).toISOString() }) }; // prettier-ignore
  });
}

const insert = (table: string, row: Row, mark: (at: number) => string) =>
  `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, at) => mark(at + 1)).join(', ')})`; // prettier-ignore

function writeSqlite(dataDir: string, tables: readonly string[], rows: FirstRelease['rows']): void {
  const db = new Libsql(join(dataDir, 'agent.db'));
  try {
    db.pragma('journal_mode = WAL');
    for (const statement of tables) db.exec(statement);
    for (const [table, written] of Object.entries(rows))
      for (const row of written) db.prepare(insert(table, row, () => '?')).run(Object.values(row));
  } finally {
    db.close();
  }
}

async function writePostgres(url: string, tables: readonly string[], rows: FirstRelease['rows']): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of tables) await client.query(statement);
    for (const [table, written] of Object.entries(rows))
      for (const row of written)
        await client.query(
          insert(table, row, (at) => `$${at}`),
          Object.values(row),
        );
  } finally {
    await client.end();
  }
}
