/**
 * Whatever package of npm a test can call can be measured: a database, a gRPC service and a Socket.IO server, each a
 * process of its own, loaded without one request. What the runs say is held against what the servers counted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import pg from 'pg';
import { startTestPostgres } from '../server/testing/postgres.ts';
import { type InnerResult, runSpec } from '../testing/inner-playwright.ts';

test.describe.configure({ mode: 'serial' });

const root = join(import.meta.dirname, '..');
const proto = JSON.stringify(join(import.meta.dirname, 'echo.proto'));

/** As the specs below find packages: they lie in a folder of their own. */
const packages = `import { createRequire } from 'node:module'; const need = createRequire(${JSON.stringify(join(root, 'package.json'))});`;
const counting = `process.send(port); process.on('message', () => process.send(count)); process.on('disconnect', () => process.exit());`;
const grpcParts = `
  const grpc = need('@grpc/grpc-js');
  const { Echo } = grpc.loadPackageDefinition(need('@grpc/proto-loader').loadSync(${proto})).example;`;

const servers = {
  grpc: `${packages}${grpcParts}
    let count = 0;
    const server = new grpc.Server();
    server.addService(Echo.service, { say: ({ request }, answer) => { count += 1; answer(null, request); } });
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_, port) => { ${counting} });`,
  'socket.io': `${packages}
    import { createServer } from 'node:http';
    let count = 0;
    const http = createServer();
    const server = new (need('socket.io').Server)(http);
    server.on('connection', (socket) => socket.on('say', (text, answer) => { count += 1; answer(text); }));
    http.listen(0, '127.0.0.1', () => { const { port } = http.address(); ${counting} });`,
};

/** A client, then one call of it as an expression. */
const clients = {
  grpc: {
    open: (port: number) =>
      `${grpcParts} const client = new Echo('127.0.0.1:${port}', grpc.credentials.createInsecure());`,
    call: `new Promise((resolve, reject) => client.say({ text: 'a' }, (error, answer) => error ? reject(error) : resolve(answer)))`,
    close: 'client.close();',
    error: 'UNAVAILABLE',
  },
  'socket.io': {
    open: (
      port: number,
    ) => `const client = need('socket.io-client').io('http://127.0.0.1:${port}', { transports: ['websocket'] });
      await new Promise((resolve) => client.once('connect', resolve));`,
    call: `client.timeout(2_000).emitWithAck('say', 'a')`,
    close: 'client.disconnect();',
    error: 'Error',
  },
};

interface Counting {
  readonly process: ChildProcess;
  readonly port: number;
  readonly count: () => Promise<number>;
}

async function startServer(text: string): Promise<Counting> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  const count = async () => {
    const answer = once(child, 'message');
    child.send('count');
    const [counted] = (await answer) as [number];
    return counted;
  };
  return { process: child, port, count };
}

/** Ten seconds where all is well, or one of them is lost; half of that where the server ends. */
const [whole, half] = [{ seconds: 10, calls: 5_000 } as const, { seconds: 5, calls: 2_500 } as const];
type Length = typeof whole | typeof half;

const loadOf = (
  { open, call, close }: (typeof clients)['grpc'],
  { port, limits, seconds }: { readonly port: number; readonly limits: string; readonly seconds: Length['seconds'] },
) => `
  ${packages}
  test('load', async ({ load }) => {
    ${open(port)}
    const run = await load(arrivals('500/s').for('${seconds}s'), async ({ measure }) => {
      await measure('say', () => ${call});
    }, { maxInFlight: 6_000, requestTimeout: '10s' });
    ${close}
    expect(run).toMeet(${limits});
  });`;

function runOf({ runs: [run] }: Pick<InnerResult, 'runs'>) {
  if (run === undefined) throw new Error('the load left no run');
  const say = run.endpoints.get('say');
  const [service, response] = [say?.service.stats(), say?.response.stats()];
  return { run, say, service, response, kinds: [...run.errors.values()].map(({ kind }) => kind) };
}

/** The load of one spec, and what is done to its server two seconds after its first call. */
async function load(spec: string, server: Counting, disturb?: () => Promise<void>): Promise<InnerResult> {
  const { results } = await runSpec(spec, {
    baseURL: 'http://127.0.0.1:9',
    during: async () => {
      if (disturb === undefined) return;
      const before = await server.count();
      while ((await server.count()) === before) await pause(20);
      await pause(2_000);
      await disturb();
    },
  });
  const [result] = results;
  if (result === undefined) throw new Error('no test was run');
  return result;
}

for (const kind of ['grpc', 'socket.io'] as const) {
  test(`${kind}: 5,000 calls at 500/s are what the server counted, and a freeze of 1 s is in the response time`, async () => {
    const server = await startServer(servers[kind]);
    try {
      const { port } = server;
      const all = { port, limits: "{ successRate: '100%', requests: '5000' }", seconds: whole.seconds };
      const calm = await load(loadOf(clients[kind], all), server);
      expect(calm.errors).toBe('');
      expect(calm.status).toBe('passed');
      expect(runOf(calm).run.accounting).toEqual([]);
      expect(runOf(calm).say?.counts.ok).toBe(await server.count());
      const frozen = await load(loadOf(clients[kind], all), server, async () => {
        server.process.kill('SIGSTOP');
        await pause(1_000);
        server.process.kill('SIGCONT');
      });
      const { say, response } = runOf(frozen);
      expect(frozen.errors).toBe('');
      expect(say?.counts.ok).toBe((await server.count()) - whole.calls);
      expect(response?.p99).toBeGreaterThan(700);
      expect(response?.p50).toBeLessThan(300);
    } finally {
      server.process.kill('SIGKILL');
    }
  });

  test(`${kind}: a server that is killed leaves errors with names, and no call is lost`, async () => {
    const server = await startServer(servers[kind]);
    const some = { port: server.port, limits: "{ successRate: '100%' }", seconds: half.seconds };
    const ended = await load(loadOf(clients[kind], some), server, async () => {
      server.process.kill('SIGKILL');
    });
    const { run, kinds } = runOf(ended);
    expect(ended.status).toBe('failed');
    expect(kinds).toContain(clients[kind].error);
    expect(run.accounting).toEqual([]);
    const { ok, failed, timedOut, unfinished, dropped } = run.counts;
    expect(ok + failed + timedOut + unfinished + dropped, JSON.stringify(run.counts)).toBe(half.calls);
    expect(run.counts.failed + run.counts.timedOut).toBeGreaterThan(500);
  });
}

test('PostgreSQL: 5,000 inserts at 500/s are the rows of the table, a lock of 1 s is in the response time, and its end has a name', async () => {
  const server = await startTestPostgres();
  const admin = new pg.Client(server.url);
  try {
    await admin.connect();
    await admin.query('create table hits (n int)');
    const inserts = (limits: string, { seconds }: Length) => `
      ${packages}
      const pg = need('pg');
      test('load', async ({ load }) => {
        const pool = new pg.Pool({ connectionString: '${server.url}', max: 20 });
        pool.on('connect', (client) => client.on('error', () => undefined));
        pool.on('error', () => undefined);
        const run = await load(arrivals('500/s').for('${seconds}s'), async ({ measure, iteration }) => {
          await measure('say', () => pool.query('insert into hits values ($1)', [iteration]));
        }, { maxInFlight: 4_000 });
        await pool.end();
        expect(run).toMeet(${limits});
      });`;
    const rows = async () => Number((await admin.query<{ n: string }>('select count(*) n from hits')).rows[0]?.n);
    const counted: Counting = { process: spawn(process.execPath, ['-e', '']), port: 0, count: rows };

    const locked = await load(inserts("{ successRate: '100%', requests: '5000' }", whole), counted, async () => {
      await admin.query('begin; lock table hits');
      await pause(1_000);
      await admin.query('commit');
    });
    expect(locked.errors).toBe('');
    expect(runOf(locked).say?.counts.ok).toBe(await rows());
    expect(runOf(locked).response?.p99).toBeGreaterThan(700);
    expect(runOf(locked).response?.p50).toBeLessThan(300);

    await admin.query('truncate hits');
    const ended = await runSpec(inserts("{ successRate: '100%' }", half), {
      baseURL: 'http://127.0.0.1:9',
      during: async () => {
        while ((await rows()) === 0) await pause(20);
        await admin.end();
        await pause(2_000);
        await server.halt();
      },
    });
    const [result] = ended.results;
    const { run, kinds } = runOf(result ?? { runs: [] });
    expect(kinds).toContain('ECONNREFUSED');
    expect(run.accounting).toEqual([]);
    const { ok, failed, timedOut, unfinished, dropped } = run.counts;
    expect(ok + failed + timedOut + unfinished + dropped, JSON.stringify(run.counts)).toBe(half.calls);
  } finally {
    await server.stop();
  }
});
