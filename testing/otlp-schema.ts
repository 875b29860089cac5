/** What OpenTelemetry's own Protocol Buffers (in `protos/`, version 1.9) make of a request in JSON. */
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';

const protos = new URL('protos/', import.meta.url).pathname;
const definitions = loadSync('opentelemetry/proto/collector/metrics/v1/metrics_service.proto', {
  includeDirs: [protos],
  longs: String,
  enums: Number,
});

const service = 'opentelemetry.proto.collector.metrics.v1.MetricsService';

/** The request as a collector reads it: a field that it does not know, or of another type, is lost or changed. */
export function asCollectorReads(request: unknown): unknown {
  const method = (
    definitions[service] as Readonly<Record<string, { requestType: MessageTypeDefinition<object, object> }>>
  )['Export'];
  if (method === undefined) throw new Error(`no method \`Export\` in ${service}`);
  const { requestSerialize, requestDeserialize } = method as unknown as {
    requestSerialize: (message: object) => Buffer;
    requestDeserialize: (bytes: Buffer) => object;
  };
  return requestDeserialize(requestSerialize(request as object));
}
