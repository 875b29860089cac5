/** What the sockets of a user tell of what they do, and to whom. */
import type { SocketRecorder } from '../../measure/socket-recorder.ts';
import type { Sample } from '../../measure/samples/sample.ts';
import type { AskCallSite, IsForgotten, OnCall, OnPreparing, OnRefused } from '../sample.ts';

/** A handshake or a round trip that is over, with what `onCall` answered when it began. */
export type SocketSample = Sample & { readonly tag: unknown };

/** Who is told of handshakes and round trips, as of requests. */
export interface SocketCallbacks {
  readonly callSite: AskCallSite;
  readonly onCall: OnCall;
  readonly onPreparing: OnPreparing;
  readonly onRequest: (sample: SocketSample) => void;
  readonly isForgotten: IsForgotten;
  readonly onRefused: OnRefused;
}

export interface SocketHost {
  readonly now: () => number;
  readonly callbacks: SocketCallbacks;
  readonly books: Pick<SocketRecorder, 'nameOf' | 'opened'>;
  /** Limit of whatever waits and has none of its own, in milliseconds. */
  readonly timeoutMs: number;
}
