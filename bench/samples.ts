/** Finished requests as a real context reports them, without a server: log-normal latencies with a tail. */
import type { HttpSample } from '../load/measure/samples/http.ts';
import { joinedHeader } from '../load/request/header-list.ts';

const medianMs = 2;
/** One of so many is twenty times slower. */
const tailEvery = 100;
/** Of an answer without `Server-Timing`. */
const received = ['content-type', 'application/json', 'date', 'Thu, 01 Jan 2026', 'content-length', '74'];

/** The `n`th sample; the same number gives the same sample. Its moments begin at 0. */
export function realisticSample(n: number, endpoint: number): HttpSample {
  const waitingMs = medianMs * Math.exp(0.5 * normal(n)) * (n % tailEvery === 0 ? 20 : 1);
  const receivingMs = 0.05;
  return {
    kind: 'http',
    method: 'GET',
    url: `http://127.0.0.1:8002/api/v1/endpoint-${endpoint}`,
    name: undefined,
    calledAtMs: 0,
    sentAtMs: 0.02,
    endedAtMs: 0.02 + waitingMs + receivingMs,
    status: 200,
    bytesSent: 0,
    bytesReceived: 74,
    failure: undefined,
    dnsMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    waitingMs,
    receivingMs,
    answerHeader: (name) => joinedHeader(received, name),
    details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
  };
}

/** Standard normal by Box and Muller (1958), from two low-discrepancy sequences instead of chance. */
function normal(n: number): number {
  const u = ((n + 1) * 0.618_033_988_749_895) % 1;
  const v = ((n + 1) * 0.754_877_666_246_693) % 1;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
