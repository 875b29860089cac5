/**
 * A server that traces by npm's OpenTelemetry SDK, and a load whose requests are in its traces: one in two is sampled, and
 * the report leads from its slowest requests to their traces and logs. What the server tells of its database in
 * `Server-Timing` is in the row of its requests.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, defaultTextMapGetter, ROOT_CONTEXT, trace, type Tracer } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { expect, iterations, test as base } from 'playload';

interface Shop {
  readonly url: string;
  /** What a collector would have of it. */
  readonly spans: () => readonly ReadableSpan[];
}

const test = base.extend<{ shop: Shop }>({
  shop: async ({}, use) => {
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({
      sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }), // its callers decide
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const tracer = provider.getTracer('shop');
    const propagator = new W3CTraceContextPropagator();
    const server = createServer((request, response) => {
      const caller = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
      const span = tracer.startSpan(`GET ${request.url ?? ''}`, {}, caller);
      void queryMs(tracer, trace.setSpan(caller, span)).then((ms) => {
        response.setHeader('server-timing', `db;dur=${ms.toFixed(2)};desc="SELECT"`);
        response.end('[]');
        span.end();
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      await use({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        spans: () => exporter.getFinishedSpans(),
      });
    } finally {
      server.close();
      await provider.shutdown();
    }
  },
});

/** A query with a span of its own, and the milliseconds that it took. */
async function queryMs(tracer: Tracer, within: Context): Promise<number> {
  const beganMs = performance.now();
  const span = tracer.startSpan('SELECT', {}, within);
  await sleep(5);
  span.end();
  return performance.now() - beganMs;
}

test('requests are in the traces of the server', async ({ load, shop }) => {
  const run = await load(iterations(400, { users: 4 }), ({ request }) => request.get(`${shop.url}/products`), {
    traceparent: '50%',
    traceUrl: 'https://jaeger.example/trace/{traceId}',
    logsUrl: 'https://logs.example/search?trace={traceId}&from={fromMs}&to={toMs}',
  });
  expect(run).toMeet({ successRate: '100%', p95: '< 200ms' });
  const queries = shop.spans().filter(({ name }) => name === 'SELECT');
  const requests = shop.spans().filter(({ name }) => name === 'GET /products');
  expect(requests).toHaveLength(queries.length); // a sampled trace is whole
  expect(requests.every(({ parentSpanContext }) => parentSpanContext?.isRemote)).toBe(true);
  expect(requests.length).toBeLessThanOrEqual(run.requests.ok);
});
