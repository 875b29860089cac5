/** Answers a request for the metrics page, well or as badly as the fault says. */
import type { ServerResponse } from 'node:http';
import type { FakeEngine } from './engine.ts';
import type { Fault } from './faults.ts';

const metricsType = 'text/plain; version=0.0.4; charset=utf-8';
const htmlPage =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form method="post"></form></body></html>\n';
const filler = 'filler_metric 1\n'.repeat(4_096);

export function answerMetrics(response: ServerResponse, engine: FakeEngine, fault: Fault | undefined): void {
  const page = () => send(response, { status: 200, body: engine.page() });
  if (fault === undefined) page();
  else if (fault.kind === 'slow') later(response, fault.delay_ms, page);
  else misbehave(response, engine, fault);
}

function misbehave(response: ServerResponse, engine: FakeEngine, fault: Exclude<Fault, { kind: 'slow' }>): void {
  switch (fault.kind) {
    case 'hang':
      break;
    case 'stall':
      stall(response, engine.page());
      break;
    case 'cut_off':
      send(response, { status: 200, body: cutInsideLine(engine.page()) });
      break;
    case 'reset':
      response.socket?.destroy();
      break;
    case 'status':
      send(response, { status: fault.status, body: `status ${fault.status}\n`, type: 'text/plain' });
      break;
    case 'redirect':
      response.writeHead(302, { location: fault.location, 'content-length': 0 }).end();
      break;
    case 'html':
      send(response, { status: 200, body: htmlPage, type: 'text/html; charset=utf-8' });
      break;
    case 'empty':
      send(response, { status: 200, body: '' });
      break;
    case 'huge':
      pour(response, fault.bytes);
      break;
    case 'endless':
      pour(response, Infinity);
      break;
    case 'engine':
      send(response, { status: 200, body: engine.page(fault.engine) });
      break;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

function send(response: ServerResponse, { status, body, type = metricsType }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

function later(response: ServerResponse, delayMs: number, act: () => void): void {
  const timer = setTimeout(act, delayMs);
  response.once('close', () => clearTimeout(timer));
}

/** Half of what was announced, and the connection stays open. */
function stall(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'content-type': metricsType, 'content-length': Buffer.byteLength(page) });
  response.write(page.slice(0, page.length / 2));
}

/** Two thirds of the page, but never up to the end of a line: that would be a shorter page, not a broken one. */
function cutInsideLine(page: string): string {
  const cut = page.slice(0, Math.floor((page.length * 2) / 3));
  return cut.endsWith('\n') ? cut.slice(0, -2) : cut;
}

/** Well-formed lines without end or up to `bytes`, as fast as the reader takes them and no faster. */
function pour(response: ServerResponse, bytes: number): void {
  let left = bytes;
  response.writeHead(200, { 'content-type': metricsType });
  const more = () => {
    while (left > 0 && !response.destroyed) {
      const chunk = left < filler.length ? `${' '.repeat(left - 1)}\n` : filler;
      left -= chunk.length;
      if (!response.write(chunk)) return;
    }
    response.end();
  };
  response.on('drain', more);
  more();
}
