/**
 * The reference server: `/row/<behaviour>/<row>` behaves as `calibration/behaviours.ts` says for the number of the
 * request within its row; `/log/<behaviour>/<row>` tells how many have come, and how long each was really held.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Action, behaviourNames, behaviours } from '../calibration/behaviours.ts';
import { unreachable } from '../../load/unreachable.ts';
import { hold } from './hold.ts';

const logs = new Map<string, (number | null)[]>();
const body = '{"status":"healthy","service":"reference"}';
const head = { 'content-type': 'application/json', 'content-length': body.length };

/** Does it, and calls back when the last byte is handed over. */
function act(action: Action, response: ServerResponse, done: () => void): void {
  switch (action.kind) {
    case 'answer':
      hold(action.afterMs, () => {
        response.writeHead(action.status, head).end(body);
        done();
      });
      return;
    case 'slow body':
      response.writeHead(200, head).write(body.slice(0, 1));
      hold(action.endMs, () => {
        response.end(body.slice(1));
        done();
      });
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
    default:
      unreachable(action);
  }
}

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const [, what, index, row] = (request.url ?? '').split('/');
  const key = `${index ?? ''}/${row ?? ''}`;
  const name = behaviourNames[Number(index)];
  const log = logs.get(key) ?? [];
  if (what === 'log') {
    response.end(JSON.stringify(log));
  } else if (what === 'row' && name !== undefined) {
    logs.set(key, log);
    const cameAt = performance.now();
    const n = log.push(null) - 1;
    act(behaviours[name](n), response, () => (log[n] = performance.now() - cameAt));
  } else {
    response.writeHead(404).end();
  }
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
