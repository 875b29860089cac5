/** Streams, their tokens, WebSockets and what servers told of their time, by endpoint; none of a run of plain requests. */
import type { LatencyHistogram } from '../../load/measure/histogram.ts';
import type { EndpointData } from '../../load/measure/run-data.ts';
import type { SocketBook, SocketWindow } from '../../load/measure/socket-book.ts';
import type { StreamBook, StreamWindow } from '../../load/measure/stream-book.ts';
import { plainLine } from '../words/plain-text.ts';
import { atEnd, distributionOf, type ExportedRun, serverOf } from './exported-run.ts';
import { addedUp } from './intervals.ts';
import type { Distribution, Family, Labels, Series } from './metric-family.ts';

export function streamFamilies(runs: readonly ExportedRun[]): Family[] {
  return [...countsOfStreams(runs), ...timesOfStreams(runs), ...socketFamilies(runs), ...timingFamilies(runs)];
}

type Row = readonly [name: string, row: EndpointData];
type Described = Pick<Family, 'name' | 'unit' | 'help'>;

function counter(described: Described, series: readonly Series<number>[]): Family {
  return { ...described, otel: dotted(described.name), type: 'counter', series };
}

function histogram(described: Omit<Described, 'unit'>, series: readonly Series<Distribution>[], otel?: string): Family {
  return {
    ...described,
    otel: otel ?? dotted(described.name.replace(/_seconds$/, '')),
    unit: 's',
    type: 'histogram',
    series,
  };
}

/** `playload_stream_events` → `playload.stream.events`, `playload_stream_first_event` → `playload.stream.first_event`. */
function dotted(name: string): string {
  return name.replace(/^playload_(stream|socket)_/, 'playload.$1.').replace(/^playload_/, 'playload.');
}

/** Of each row that has what is read. */
function ofRows<Value>(
  runs: readonly ExportedRun[],
  read: (run: ExportedRun, row: EndpointData, labels: Labels) => readonly Series<Value>[],
): Series<Value>[] {
  return runs.flatMap((run) =>
    [...run.data.endpoints].flatMap(([name, row]: Row) =>
      read(run, row, { ...run.labels, endpoint: plainLine(name) }).map((series) => ({ ...series, ...serverOf(run) })),
    ),
  );
}

/** As it happened, where its seconds tell all of it; else at the end. */
function risen<Window>(
  run: ExportedRun,
  labels: Labels,
  {
    windows,
    count,
    total,
  }: {
    readonly windows: ReadonlyMap<number, Window>;
    readonly count: (window: Window) => number;
    readonly total: number;
  },
): Series<number> {
  const points = addedUp(windows, count, run.intervals);
  const series = atEnd(run, labels, total);
  return points.at(-1)?.value === total ? { ...series, points } : series;
}

function countsOfStreams(runs: readonly ExportedRun[]): Family[] {
  const atTheEnd = (described: Described, figures: (stream: StreamBook) => readonly (readonly [Labels, number])[]) =>
    counter(
      described,
      ofRows(runs, (run, { stream }, labels) =>
        stream === undefined ? [] : figures(stream).map(([own, count]) => atEnd(run, { ...labels, ...own }, count)),
      ),
    );
  const overTime = (described: Described, what: 'events' | 'tokens', isThere: (stream: StreamBook) => boolean) =>
    counter(
      described,
      ofRows(runs, (run, { stream }, labels) =>
        stream === undefined || !isThere(stream)
          ? []
          : [
              risen<StreamWindow>(run, labels, {
                windows: stream.windows,
                count: (window) => window[what],
                total: stream[what],
              }),
            ],
      ),
    );
  return [
    atTheEnd(
      { name: 'playload_streams', unit: '{stream}', help: 'Streams whose head came with a good status.' },
      (each) => [[{}, each.streams]],
    ),
    atTheEnd(
      {
        name: 'playload_stream_endings',
        unit: '{stream}',
        help: 'Streams that were cut, stalled, came without an event, or were left by the scenario.',
      },
      ({ cut, stalled, empty, left }) =>
        Object.entries({ cut, stalled, empty, left }).map(([outcome, count]) => [{ outcome }, count] as const),
    ),
    atTheEnd(
      {
        name: 'playload_stream_reconnects',
        unit: '{connection}',
        help: 'Connections made anew after a stream was cut, with Last-Event-ID.',
      },
      ({ reconnects }) => [[{}, reconnects]],
    ),
    overTime(
      { name: 'playload_stream_events', unit: '{event}', help: 'Server-sent events, lines or chunks of streams.' },
      'events',
      () => true,
    ),
    overTime(
      { name: 'playload_stream_tokens', unit: '{token}', help: 'Output tokens of streams.' },
      'tokens',
      ({ tokens }) => tokens > 0,
    ),
  ];
}

type TimeRead = (stream: StreamBook) => LatencyHistogram;

/** Known at the end alone. */
function timesOfStreams(runs: readonly ExportedRun[]): Family[] {
  const times = (read: TimeRead, isThere: (stream: StreamBook) => boolean = () => true) =>
    ofRows(runs, (run, { stream }, labels) =>
      stream === undefined || !isThere(stream) ? [] : distributionAtEnd(run, labels, read(stream)),
    );
  const hasTokens = ({ tokens }: StreamBook) => tokens > 0;
  const family = (name: string, help: string, read: TimeRead) =>
    histogram({ name: `playload_stream_${name}_seconds`, help }, times(read));
  return [
    family('first_event', 'To the first event of a stream.', ({ firstEvent }) => firstEvent),
    family('gap', 'Between two events of a stream that follow each other.', ({ gap }) => gap),
    family('duration', 'Of streams that ended well.', ({ duration }) => duration),
    family(
      'time_to_first_token',
      'To the first event that carries a token.',
      ({ timeToFirstToken }) => timeToFirstToken,
    ),
    family(
      'inter_token_latency',
      'Between two events of a stream that carry tokens.',
      ({ interTokenLatency }) => interTokenLatency,
    ),
    family(
      'time_per_output_token',
      'Of each stream, from its first token to its last, by the tokens after the first.',
      ({ timePerOutputToken }) => timePerOutputToken,
    ),
    histogram(
      {
        name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
        help: 'To the first event of a stream of tokens.',
      },
      times(({ firstEvent }) => firstEvent, hasTokens),
      'gen_ai.client.operation.time_to_first_chunk',
    ),
    histogram(
      {
        name: 'gen_ai_client_operation_time_per_output_chunk_seconds',
        help: 'Between two events of a stream of tokens.',
      },
      times(({ gap }) => gap, hasTokens),
      'gen_ai.client.operation.time_per_output_chunk',
    ),
  ];
}

function distributionAtEnd(run: ExportedRun, labels: Labels, times: LatencyHistogram): Series<Distribution>[] {
  const distribution = distributionOf(times);
  return distribution === undefined ? [] : [atEnd(run, labels, distribution)];
}

function socketFamilies(runs: readonly ExportedRun[]): Family[] {
  const ofSockets = (read: (run: ExportedRun, socket: SocketBook, labels: Labels) => readonly Series<number>[]) =>
    ofRows(runs, (run, { socket }, labels) => (socket === undefined ? [] : read(run, socket, labels)));
  const directions = ['sent', 'received'] as const;
  return [
    counter(
      { name: 'playload_sockets', unit: '{socket}', help: 'WebSockets whose handshake came through.' },
      ofSockets((run, { opened }, labels) => [atEnd(run, labels, opened)]),
    ),
    counter(
      { name: 'playload_socket_messages', unit: '{message}', help: 'Messages over WebSockets.' },
      ofSockets((run, socket, labels) =>
        directions.map((direction) =>
          risen<SocketWindow>(
            run,
            { ...labels, direction },
            {
              windows: socket.windows,
              count: (window) => window[direction],
              total: socket[direction],
            },
          ),
        ),
      ),
    ),
    {
      ...counter(
        { name: 'playload_socket_message_bytes', unit: 'By', help: 'Bytes of the messages over WebSockets.' },
        ofSockets((run, { bytesSent, bytesReceived }, labels) => [
          atEnd(run, { ...labels, direction: 'sent' }, bytesSent),
          atEnd(run, { ...labels, direction: 'received' }, bytesReceived),
        ]),
      ),
      otel: 'playload.socket.message.size',
    },
    counter(
      { name: 'playload_socket_closes', unit: '{socket}', help: 'Closes of WebSockets by their code (RFC 6455, 7.4).' },
      ofSockets((run, { closes }, labels) =>
        [...closes].map(([code, count]) => atEnd(run, { ...labels, code: plainLine(code) }, count)),
      ),
    ),
    counter(
      {
        name: 'playload_socket_abnormal_closes',
        unit: '{socket}',
        help: 'WebSockets closed by the server or lost with a code that was not expected.',
      },
      ofSockets((run, { abnormalCloses }, labels) => [atEnd(run, labels, abnormalCloses)]),
    ),
    histogram(
      { name: 'playload_socket_open_seconds', help: 'From the handshake of a WebSocket to its close.' },
      ofRows(runs, (run, { socket }, labels) =>
        socket === undefined ? [] : distributionAtEnd(run, labels, socket.openTime),
      ),
    ),
  ];
}

function timingFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    histogram(
      {
        name: 'playload_server_timing_seconds',
        help: 'What servers told of their answers (Server-Timing), by its name.',
      },
      ofRows(runs, (run, { serverTiming = new Map<string, LatencyHistogram>() }, labels) =>
        distinct([...serverTiming]).flatMap(([metric, times]) => distributionAtEnd(run, { ...labels, metric }, times)),
      ),
      'playload.server_timing',
    ),
  ];
}

/** Two names may look alike once they are one line each. */
function distinct<Value>(named: readonly (readonly [string, Value])[]): [string, Value][] {
  const seen = new Map<string, number>();
  return named.map(([name, value]) => {
    const shown = plainLine(name);
    const times = (seen.get(shown) ?? 0) + 1;
    seen.set(shown, times);
    return [times === 1 ? shown : `${shown} (${times})`, value];
  });
}
