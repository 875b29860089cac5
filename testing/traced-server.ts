/** A small server that traces by npm's OpenTelemetry SDK, as people's servers do: it goes by the caller's `traceparent`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export interface TracedServer extends AsyncDisposable {
  readonly baseURL: string;
  /** Requests that came, traced or not. */
  readonly requests: () => number;
  /** Spans that were exported. */
  readonly spans: () => readonly ReadableSpan[];
}

/** `/wait/150` answers after 150 ms; `/moved` leads to `/wait/1`, each with a span of its own. */
export async function startTracedServer(): Promise<TracedServer> {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }), // what its callers do not ask for is not traced
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('traced server');
  const propagator = new W3CTraceContextPropagator();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const { url = '', method = '', headers } = request;
    const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = tracer.startSpan(`${method} ${url}`, { kind: SpanKind.SERVER }, parent);
    void sleep(Number(/\d+$/.exec(url)?.[0] ?? 0)).then(() => {
      span.end();
      if (url === '/moved') response.writeHead(302, { location: '/wait/1' });
      response.end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    spans: () => exporter.getFinishedSpans(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await provider.shutdown();
    },
  };
}

export function millisecondsOf({ duration: [seconds, nanoseconds] }: ReadableSpan): number {
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
