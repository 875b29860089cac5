/**
 * What the WebSockets of a row did after their handshake: messages both ways, how long they were open, and with which code
 * they closed (RFC 6455, 7.4).
 */
import { LatencyHistogram } from './histogram.ts';

/** A second of a row's sockets. */
export interface SocketWindow {
  sent: number;
  received: number;
  /** Most that were open at a time. */
  open: number;
}

/** Its counters. */
export const socketCounts = ['opened', 'sent', 'received', 'bytesSent', 'bytesReceived', 'abnormalCloses'] as const;
export type SocketCount = (typeof socketCounts)[number];

export interface SocketBook extends Record<SocketCount, number> {
  /** Handshakes that came through. */
  opened: number;
  /** Messages. */
  sent: number;
  received: number;
  /** Of the messages. */
  bytesSent: number;
  bytesReceived: number;
  /** Closed by the server or lost with a code that the scenario did not expect. */
  abnormalCloses: number;
  /** By code: `1000`, `1006`; of the sockets that closed before the run was over. */
  readonly closes: Map<string, number>;
  /** From the end of the handshake to the close. */
  readonly openTime: LatencyHistogram;
  /** By second; of the measured part alone. */
  readonly windows: Map<number, SocketWindow>;
}

export function emptySocketWindow(): SocketWindow {
  return { sent: 0, received: 0, open: 0 };
}

export function emptySocketBook(): SocketBook {
  const counts = Object.fromEntries(socketCounts.map((count) => [count, 0])) as Record<SocketCount, number>;
  return { ...counts, closes: new Map(), openTime: new LatencyHistogram(), windows: new Map() };
}

/** The other's windows so many seconds later; what is open in two segments at a time is open together. */
export function addSocketBook(into: SocketBook, from: SocketBook, laterSeconds = 0): void {
  for (const count of socketCounts) into[count] += from[count];
  for (const [code, count] of from.closes) into.closes.set(code, (into.closes.get(code) ?? 0) + count);
  into.openTime.add(from.openTime);
  for (const [second, window] of from.windows) {
    const at = second + laterSeconds;
    const mine = into.windows.get(at) ?? emptySocketWindow();
    into.windows.set(at, mine);
    mine.sent += window.sent;
    mine.received += window.received;
    mine.open += window.open;
  }
}
