/**
 * The reference server: `/row/<behaviour>/<row>` behaves as `calibration/behaviours.ts` says for the number of the
 * request within its row; `/seen/<behaviour>/<row>` tells how many have come.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Action, behaviourNames, behaviours } from '../calibration/behaviours.ts';
import { unreachable } from '../../load/unreachable.ts';
import { hold } from './hold.ts';

const seen = new Map<string, number>();
const body = '{"status":"healthy","service":"reference"}';
const head = { 'content-type': 'application/json', 'content-length': body.length };

function act(action: Action, response: ServerResponse): void {
  switch (action.kind) {
    case 'answer':
      hold(action.afterMs, () => response.writeHead(action.status, head).end(body));
      return;
    case 'slow body':
      response.writeHead(200, head).write(body.slice(0, 1));
      hold(action.endMs, () => response.end(body.slice(1)));
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
  const before = seen.get(key) ?? 0;
  if (what === 'seen') {
    response.end(String(before));
  } else if (what === 'row' && name !== undefined) {
    seen.set(key, before + 1);
    act(behaviours[name](before), response);
  } else {
    response.writeHead(404).end();
  }
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
