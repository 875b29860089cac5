/** For tests: a server in a process of its own, whose memory, CPU and handles can be watched. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from './plain-test.ts';

export interface ChildServer {
  readonly url: string;
  readonly pid: number;
}

/**
 * To be called beside the tests: after each of them the servers end. `body` is what `answer(response, number)` does with
 * each request, counted from 1; its process is a small one.
 */
export function childServers(): (body: string) => Promise<ChildServer> {
  const children: ChildProcess[] = [];
  test.afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  return async (body) => {
    const script = `
      const { createServer } = require('node:http');
      const { openSync } = require('node:fs');
      let number = 0;
      ${body}
      const server = createServer((request, response) => answer(response, ++number, request));
      server.keepAliveTimeout = 60_000;
      server.listen(0, '127.0.0.1', () => console.log(String(server.address().port)));
    `;
    const child = spawn(process.execPath, ['--max-semi-space-size=1', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    if (child.pid === undefined) throw new Error('the server has no pid');
    return { url: `http://127.0.0.1:${String(port).trim()}`, pid: child.pid };
  };
}
