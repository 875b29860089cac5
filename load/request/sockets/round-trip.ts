/** A message and its answer over a WebSocket, as a sample: from its sending to when the bytes of the answer came. */
import type { SampleFailure, SampleTags } from '../../measure/samples/kind.ts';
import type { MeasuredSample } from '../../measure/samples/measured.ts';
import { show } from '../../measure/units.ts';
import { OptionsError } from '../../options-error.ts';
import type { SocketMessage } from './load-socket.ts';

export interface RoundTripParts {
  readonly name: string;
  readonly tags: SampleTags | undefined;
  readonly tag: unknown;
  readonly calledAtMs: number;
  readonly bytesSent: number;
  readonly matches: (message: SocketMessage) => boolean;
  /** Called once, when it is over: the answer, or what its caller sees. */
  readonly onEnd: (trip: RoundTrip, outcome: RoundTripOutcome) => void;
}

export type RoundTripOutcome = { readonly message: SocketMessage } | { readonly error: unknown };

/** It is its own sample. */
export class RoundTrip implements MeasuredSample {
  readonly kind = 'measured';
  readonly name: string;
  readonly tags: SampleTags | undefined;
  readonly tag: unknown;
  readonly calledAtMs: number;
  readonly sentAtMs: number;
  endedAtMs = 0;
  readonly bytesSent: number;
  bytesReceived = 0;
  failure: SampleFailure | undefined;
  timer: NodeJS.Timeout | undefined;
  readonly #parts: RoundTripParts;
  #isOver = false;

  constructor(parts: RoundTripParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.tags = parts.tags;
    this.tag = parts.tag;
    this.calledAtMs = this.sentAtMs = parts.calledAtMs;
    this.bytesSent = parts.bytesSent;
  }

  /** Whether the message is its answer; a matcher that fails ends the round trip, and the message is somebody else's. */
  isAnswer(message: SocketMessage, nowMs: number): boolean {
    try {
      return matched('roundTrip', this.#parts.matches, message);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.fail({ kind: 'other', code: 'matcher', message: said }, error, nowMs);
      return false;
    }
  }

  answer(message: SocketMessage, bytes: number, nowMs: number): void {
    if (this.#isOver) return;
    this.bytesReceived = bytes;
    this.#end(nowMs, { message });
  }

  fail(failure: SampleFailure, error: unknown, nowMs: number): void {
    if (this.#isOver) return;
    this.failure = failure;
    this.#end(nowMs, { error });
  }

  #end(nowMs: number, outcome: RoundTripOutcome): void {
    this.#isOver = true;
    clearTimeout(this.timer);
    this.endedAtMs = nowMs;
    this.#parts.onEnd(this, outcome);
  }
}

/** A promise is true to JavaScript, so a matcher that is `async` would take any message. */
export function matched(
  of: 'roundTrip' | 'next',
  matches: (message: SocketMessage) => boolean,
  message: SocketMessage,
): boolean {
  const isMatch: unknown = matches(message);
  if (typeof isMatch === 'boolean') return isMatch;
  throw new OptionsError([
    `\`matches\` of \`${of}\` must say \`true\` or \`false\`, got ${show(isMatch)}: is it \`async\`?`,
  ]);
}
