/** Any streams, sockets, server timing and pages, for properties: every field of each. */
import fc from 'fast-check';
import type { ProbeData, ProbeRound } from '../load/measure/probe-data.ts';
import type { RowExtras } from '../load/measure/row-extras.ts';
import type { SocketBook, SocketWindow } from '../load/measure/socket-book.ts';
import type { StreamBook, StreamWindow } from '../load/measure/stream-book.ts';
import {
  count,
  type EachOf,
  few,
  histogram,
  mapOf,
  maybe,
  ms,
  name,
  objectOf,
  second,
  text,
  windowHistogram,
} from './any-values.ts';

export const anyRowExtras: EachOf<RowExtras> = {
  stream: maybe(
    objectOf<StreamBook>({
      streams: count,
      events: count,
      tokens: count,
      cut: count,
      stalled: count,
      empty: count,
      left: count,
      reconnects: count,
      pauses: count,
      firstEvent: histogram,
      gap: histogram,
      duration: histogram,
      timeToFirstToken: histogram,
      interTokenLatency: histogram,
      timePerOutputToken: histogram,
      eventsPerStream: histogram,
      tokensPerStream: histogram,
      windows: mapOf(
        second,
        objectOf<StreamWindow>({ events: count, tokens: count, firstEvent: windowHistogram, gap: windowHistogram }),
      ),
    }),
  ),
  socket: maybe(
    objectOf<SocketBook>({
      opened: count,
      sent: count,
      received: count,
      bytesSent: count,
      bytesReceived: count,
      abnormalCloses: count,
      closes: mapOf(fc.constantFrom('1000', '1006'), count),
      openTime: histogram,
      windows: mapOf(second, objectOf<SocketWindow>({ sent: count, received: count, open: count })),
    }),
  ),
  serverTiming: maybe(
    mapOf(
      name,
      histogram.filter(({ count }) => count > 0),
    ),
  ),
};

export const anyProbe = objectOf<ProbeData>({
  everyMs: count,
  rounds: few(
    objectOf<ProbeRound>({
      atMs: ms,
      phase: fc.constantFrom('idle', 'load'),
      vitals: objectOf<ProbeRound['vitals']>({ lcp: maybe(ms), inp: maybe(ms), cls: maybe(ms), ttfb: maybe(ms) }),
      actions: fc.constant({ pay: 12 }),
      ms,
      controlMs: maybe(ms),
      failure: maybe(text),
    }),
  ),
  leftOut: count,
});
