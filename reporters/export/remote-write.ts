/**
 * Results over time for Prometheus' remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec), which Prometheus,
 * Mimir, Thanos, VictoriaMetrics and Grafana Cloud take.
 */
import { type Exported, familiesOf } from './families.ts';
import { defaultLabels, flatSeries, type FlatSeries } from './flat-series.ts';
import type { Labels } from './metric-family.ts';
import { ProtobufMessage } from './protobuf.ts';

/** A series goes whole; a receiver that is asked too much at once refuses it. */
const mostSamplesOfRequest = 10_000;

/** Messages `WriteRequest`, not yet compressed: in this order, each once the last was taken. */
export function writeRequests(exported: Exported, labels: Labels = {}): Uint8Array[] {
  const requests: Uint8Array[] = [];
  let [request, samples] = [new ProtobufMessage(), 0];
  for (const family of familiesOf(exported)) {
    for (const series of flatSeries(family, { ...defaultLabels, ...labels })) {
      if (samples > 0 && samples + series.points.length > mostSamplesOfRequest) {
        requests.push(request.bytes);
        [request, samples] = [new ProtobufMessage(), 0];
      }
      request.message(1, timeSeries(series));
      samples += series.points.length;
    }
  }
  return samples === 0 ? requests : [...requests, request.bytes];
}

/** Labels are sorted by name, and none is empty. */
function timeSeries({ name, labels, points }: FlatSeries): Uint8Array {
  const series = new ProtobufMessage();
  const pairs = Object.entries({ ...labels, __name__: name }).filter(([, text]) => text !== '');
  for (const [key, text] of pairs.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const label = new ProtobufMessage();
    label.text(1, key);
    label.text(2, text);
    series.message(1, label.bytes);
  }
  for (const { atMs, value } of points) {
    const sample = new ProtobufMessage();
    sample.double(1, value);
    sample.integer(2, atMs);
    series.message(2, sample.bytes);
  }
  return series.bytes;
}
