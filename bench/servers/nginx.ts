/**
 * nginx where it is installed: one worker that returns 74 bytes of JSON, as in most published comparisons. It costs
 * a third of what our own fast server does, so that no generator waits for it.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, startLimitMs, startServer } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import type { Setting } from '../experiment.ts';

/** Whether there is an nginx to start. */
export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed, or not runnable: the same to us
  }
}

const configOf = (port: number, folder: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    default_type application/json;
    location / { return 200 '{"status":"healthy","service":"fast","uptime_s":86400,"version":"1.0.0"}  '; }
  }
}
`;

/** Starts it on the server's core, uses it, and ends it whatever happens. */
export async function withNginx<Result>(
  { cores, folder: parent }: Pick<Setting, 'cores' | 'folder'>,
  use: (server: Server) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(parent, 'nginx-'));
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(config, configOf(port, folder));
  // nginx says nothing when it is ready: the shell names pid and port, and becomes nginx.
  const words = `echo ready pid=$$ port=${port}; exec "$@"`;
  const nginx = ['nginx', '-e', 'stderr', '-p', folder, '-c', config];
  const server = await startServer({ command: onCore(cores, 'server', ['sh', '-c', words, 'sh', ...nginx]) });
  try {
    await untilListening(port);
    return await use(server);
  } finally {
    await server.stop();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  const endsAt = performance.now() + startLimitMs;
  while (!(await answers(port))) {
    if (performance.now() > endsAt) throw new Error(`nginx does not listen on port ${port} after ${startLimitMs} ms`);
    await sleep(20);
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}
