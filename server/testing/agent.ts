/** An agent of the tests' own, in this process: real database in a folder that goes away, no socket, nothing runs by itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createApp, type AppParts } from '../app.ts';
import { assemble, type Assembled } from '../assemble.ts';
import { readEnvironment } from '../environment.ts';
import { openDatabase, type OpenedDatabase } from '../store/open.ts';

export interface TestAgent {
  readonly app: ReturnType<typeof createApp>;
  readonly parts: AppParts;
  readonly jobs: Assembled['jobs'];
  /** To put something there that no request would make. */
  readonly db: OpenedDatabase['db'];
  /** A request with a JSON body, and its answer read. */
  readonly ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Absent when there was none, or it was no JSON. */
  readonly body?: unknown;
}

export async function startTestAgent(settings: Record<string, string> = {}): Promise<TestAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-test-'));
  const environment = readEnvironment({ LOG_LEVEL: 'silent', DATA_DIR: folder, SHED_DELAY_MS: '0', ...settings });
  const database = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
  const { app: parts, jobs } = assemble({ environment, database, log: pino({ level: environment.LOG_LEVEL }) });
  const app = createApp(parts);
  return {
    app,
    parts,
    jobs,
    db: database.db,
    ask: async (method, path, body, headers = {}) => {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      return read(await app.request(path, { method, headers: { ...type, ...headers }, ...content }, {}));
    },
    stop: async () => {
      parts.loop.stop();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  return headers.get('content-type')?.includes('json') === true && text !== ''
    ? { status, headers, body: JSON.parse(text) as unknown }
    : { status, headers };
}
