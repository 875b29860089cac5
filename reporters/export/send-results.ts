/** Results to those who collect them: OpenTelemetry, a push gateway, Prometheus' remote write. */
import type { ExportOptions, ReceiverOptions } from '../options.ts';
import { deliver } from './deliver.ts';
import type { ExportedFrom } from './otlp-metrics.ts';
import { otlpRequests } from './otlp-metrics.ts';
import { prometheusText } from './prometheus-text.ts';
import { writeRequests } from './remote-write.ts';
import { snappyBlock } from './snappy.ts';

/** Resolves with what a receiver that took all of it had to say all the same. Rejects where it did not take all. */
export type Send = (exported: ExportedFrom) => Promise<string[]>;

export interface Sender {
  /** As a message names it. */
  readonly what: string;
  readonly send: Send;
}

/** Those that were asked for. */
export function sendersOf({ otlp, pushgateway, remoteWrite }: ExportOptions): Sender[] {
  return [
    ...(otlp === undefined ? [] : [{ what: 'OTLP export', send: otlpSender(targetOf(otlp, '/v1/metrics')) }]),
    ...(pushgateway === undefined
      ? []
      : [{ what: 'push gateway', send: pushSender(targetOf(pushgateway, '/metrics/job/playload')) }]),
    ...(remoteWrite === undefined
      ? []
      : [
          {
            what: 'remote write',
            send: remoteWriteSender(
              targetOf(remoteWrite, '/api/v1/write'),
              typeof remoteWrite === 'string' ? undefined : remoteWrite.labels,
            ),
          },
        ]),
  ];
}

/** An address without a path means the usual one. */
function targetOf(given: string | ReceiverOptions, usualPath: string): ReceiverOptions {
  const target = typeof given === 'string' ? { url: given } : given;
  const url = new URL(target.url);
  if (url.pathname === '/') url.pathname = usualPath;
  return { ...target, url: url.href };
}

function otlpSender(target: ReceiverOptions): Send {
  return async (exported) => {
    const answers = await deliver({
      target,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      bodies: otlpRequests(exported).map((request) => JSON.stringify(request)),
    });
    const partial = answers.map(partialSuccessOf);
    const rejected = partial.reduce((sum, { rejectedPoints }) => sum + rejectedPoints, 0);
    const messages = [...new Set(partial.flatMap(({ message }) => message ?? []))];
    if (rejected === 0) return messages;
    throw new Error(`the collector took all but ${rejected} points${messages.map((each) => `: ${each}`).join('')}`);
  };
}

interface PartialSuccess {
  readonly rejectedPoints: number;
  readonly message?: string;
}

/** `ExportMetricsPartialSuccess`. An answer that is no JSON says nothing: the status said that it was taken. */
function partialSuccessOf(answer: string): PartialSuccess {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: Readonly<Record<string, unknown>> | null };
    const { rejectedDataPoints = 0, errorMessage = '' } = partialSuccess ?? {};
    const rejectedPoints = Number(rejectedDataPoints);
    return {
      rejectedPoints: Number.isFinite(rejectedPoints) ? rejectedPoints : 0,
      ...(typeof errorMessage === 'string' && errorMessage !== '' && { message: errorMessage.replace(/\s+/g, ' ') }),
    };
  } catch {
    return { rejectedPoints: 0 };
  }
}

/** `PUT` replaces what an earlier run has left under the same job: a test that is gone is gone there too. */
function pushSender(target: ReceiverOptions): Send {
  return async (exported) => {
    await deliver({
      target,
      method: 'PUT',
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      bodies: [prometheusText(exported)],
    });
    return [];
  };
}

function remoteWriteSender(target: ReceiverOptions, labels: Readonly<Record<string, string>> | undefined): Send {
  return async (exported) => {
    await deliver({
      target,
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'user-agent': 'playload',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      bodies: writeRequests(exported, labels).map(snappyBlock),
    });
    return [];
  };
}
