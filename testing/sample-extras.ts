/** Streams with tokens, a WebSocket and server timing for a run that others show: in its first row, the same each time. */
import { LatencyHistogram } from '../load/measure/histogram.ts';
import type { RowExtras } from '../load/measure/row-extras.ts';
import type { RunData } from '../load/measure/run-data.ts';
import { emptySocketBook } from '../load/measure/socket-book.ts';
import { emptyStreamBook, emptyStreamWindow, streamTimes } from '../load/measure/stream-book.ts';

/** Ten events and tokens each, a second apart. */
const streams = 20;

export function sampleExtras(timingName = 'db'): Required<RowExtras> {
  const stream = Object.assign(emptyStreamBook(), {
    ...{ streams, events: 10 * streams, tokens: 10 * streams },
    ...{ cut: 2, stalled: 1, empty: 0, left: 1, reconnects: 3 },
  });
  for (const [at, time] of streamTimes.entries())
    for (let n = 1; n <= streams; n++) stream[time].recordMs(100 * (at + 1) + n);
  for (let n = 0; n < streams; n++) {
    stream.eventsPerStream.recordMs(10);
    stream.tokensPerStream.recordMs(10);
    const window = Object.assign(emptyStreamWindow(), { events: 10, tokens: 10 });
    window.firstEvent.record(101 + n);
    window.gap.record(201 + n);
    stream.windows.set(n, window);
  }
  const socket = Object.assign(emptySocketBook(), {
    ...{ opened: 5, sent: 100, received: 300, bytesSent: 1_000, bytesReceived: 3_000, abnormalCloses: 1 },
    closes: new Map([
      ['1000', 4],
      ['1006', 1],
    ]),
  });
  for (let n = 0; n < 10; n++) socket.windows.set(n, { sent: 10, received: 30, open: 5 });
  socket.openTime.recordMs(9_000);
  const timing = new LatencyHistogram();
  for (let n = 1; n <= 100; n++) timing.recordMs(n);
  return { stream, socket, serverTiming: new Map([[timingName, timing]]) };
}

/** Into the first row of the run. */
export function withExtras(data: RunData, timingName?: string): RunData {
  const [row] = data.endpoints.values();
  if (row !== undefined) Object.assign(row, sampleExtras(timingName));
  return data;
}
