/**
 * Measures functions of the scenario's own as requests are: each call is a sample from when it is called to when its
 * promise settles, given up after the limit of a request or at the end of the run.
 */
import { errors } from '@playwright/test';
import { EntryNames } from '../measure/entry-name.ts';
import type { MeasuredIteration, Recorder } from '../measure/recorder.ts';
import type { SampleFailure, SampleTags } from '../measure/samples/kind.ts';
import type { MeasuredSample } from '../measure/samples/measured.ts';
import { requestError } from '../request/errors.ts';
import { sendCounted } from '../request/uncounted.ts';
import type { CallSites } from './call-site.ts';
import type { Clock } from './clock.ts';
import type { MeasureContext } from './scenario.ts';
import { SeenCall } from './seen-call.ts';
import { thrownFailure } from './thrown-failure.ts';

export interface MeasuredCallsParts {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly callSites: CallSites;
  /** How long a call may take. */
  readonly timeoutMs: number;
  /** Aborted when the run is over. */
  readonly signal: AbortSignal;
}

export interface CallAsked<Result> {
  readonly name: string;
  readonly part: (context: MeasureContext) => PromiseLike<Result>;
  readonly tags: SampleTags | undefined;
  readonly iteration: MeasuredIteration;
  /** What is wrong with what `part` returned, if anything. */
  readonly problemOf: (returned: unknown) => Error | undefined;
}

const overWords = 'the load run is over, and this call was still under way';
const otherKinds = '(other kinds)';

export class MeasuredCalls {
  readonly #parts: MeasuredCallsParts;
  /** In the order in which they fall due, since all have the same time. */
  readonly #underWay = new Set<MeasuredCall<unknown>>();
  /** Kinds of errors are bounded, as names are. */
  readonly #kinds = new EntryNames();
  #cancelTimer: (() => void) | undefined;

  constructor(parts: MeasuredCallsParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#giveUp(), { once: true });
  }

  /** Resolves and rejects as the promise of `part` does, unless it is given up before. */
  run<Result>(asked: CallAsked<Result>): Promise<Result> {
    const { recorder, clock, callSites, signal, timeoutMs } = this.#parts;
    if (recorder.stopped || signal.aborted) {
      recorder.cameTooLate('a measured call');
      return Promise.reject(requestError(new Error('the load run is over: nothing is measured any more')));
    }
    const { iteration } = asked;
    const calledAtMs = clock.now();
    const site = callSites.take();
    const seen = site && new SeenCall(iteration, site);
    recorder.requestStarted(iteration, calledAtMs);
    return new Promise<Result>((resolve, reject) => {
      const call = new MeasuredCall<Result>({ asked, calledAtMs, dueAtMs: calledAtMs + timeoutMs, resolve, reject });
      const onEnd = () => {
        this.#underWay.delete(call as MeasuredCall<unknown>);
        seen?.end();
        this.#file(call);
      };
      call.onEnd = onEnd;
      this.#underWay.add(call as MeasuredCall<unknown>);
      if (this.#cancelTimer === undefined) this.#arm(call.dueAtMs);
      call.begin((thrown) => this.#failureOf(thrown), clock);
    });
  }

  #file<Result>(call: MeasuredCall<Result>): void {
    const { recorder } = this.#parts;
    try {
      recorder.requestEnded(call, call.iteration);
    } catch (error) {
      recorder.bookFailed(error); // the caller's promise is no place to tell of it
    }
  }

  #failureOf(thrown: unknown): SampleFailure {
    const failure = thrownFailure(thrown);
    return { ...failure, code: this.#kinds.of(failure.code ?? failure.kind, otherKinds) };
  }

  #arm(atMs: number): void {
    this.#cancelTimer = this.#parts.clock.at(atMs, () => this.#expire());
  }

  /** One timer for all: who leaves before is not looked for again. */
  #expire(): void {
    const { clock, timeoutMs } = this.#parts;
    this.#cancelTimer = undefined;
    for (const call of this.#underWay) {
      if (call.dueAtMs > clock.now()) {
        this.#arm(call.dueAtMs);
        return;
      }
      const message = `Timeout ${timeoutMs}ms exceeded.`;
      call.giveUp(
        { kind: 'timeout', code: undefined, message },
        clock.now(),
        new errors.TimeoutError(`measure: ${message}`),
      );
    }
  }

  #giveUp(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const nowMs = this.#parts.clock.now();
    for (const call of this.#underWay)
      call.giveUp({ kind: 'aborted', code: undefined, message: overWords }, nowMs, new Error(overWords));
  }
}

interface CallParts<Result> {
  readonly asked: CallAsked<Result>;
  readonly calledAtMs: number;
  readonly dueAtMs: number;
  readonly resolve: (value: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** The finished call is its own sample. */
class MeasuredCall<Result> implements MeasuredSample {
  readonly kind = 'measured';
  readonly name: string;
  readonly tags: SampleTags | undefined;
  readonly calledAtMs: number;
  readonly sentAtMs: number;
  endedAtMs = 0;
  readonly bytesSent = 0;
  readonly bytesReceived = 0;
  failure: SampleFailure | undefined;
  readonly iteration: MeasuredIteration;
  readonly dueAtMs: number;
  onEnd: () => void = () => undefined;
  readonly #parts: CallParts<Result>;
  #controller: AbortController | undefined;
  #givenUp: unknown;
  #over = false;

  constructor(parts: CallParts<Result>) {
    this.#parts = parts;
    const { asked, calledAtMs, dueAtMs } = parts;
    this.name = asked.name;
    this.tags = asked.tags;
    this.iteration = asked.iteration;
    this.calledAtMs = this.sentAtMs = calledAtMs;
    this.dueAtMs = dueAtMs;
  }

  begin(failureOf: (thrown: unknown) => SampleFailure, clock: Clock): void {
    const { asked, resolve } = this.#parts;
    const fail = (thrown: unknown): void => {
      if (this.#over) return;
      this.#end(clock.now(), failureOf(thrown));
      this.#reject(thrown);
    };
    try {
      sendCounted(() => {
        const returned = asked.part(this.#context());
        const problem = asked.problemOf(returned);
        if (problem !== undefined) fail(problem);
        // What is no promise but has a `then` may send only there, and come to a promise again.
        else
          Promise.resolve(returned).then((value) => {
            if (this.#over) return;
            this.#end(clock.now());
            resolve(value);
          }, fail);
      });
    } catch (thrown) {
      fail(thrown); // it threw at once
    }
  }

  /** Nobody waits any more for what it does. */
  giveUp(failure: SampleFailure, nowMs: number, error: Error): void {
    if (this.#over) return;
    this.#givenUp = error;
    this.#end(nowMs, failure);
    this.#controller?.abort(error);
    // What its scenario did not wait for is not rejected, which nobody would catch.
    if (this.iteration.isOver !== true) this.#reject(error);
  }

  #end(endedAtMs: number, failure?: SampleFailure): void {
    this.#over = true;
    this.endedAtMs = endedAtMs;
    this.failure = failure;
    this.onEnd();
  }

  #reject(thrown: unknown): void {
    this.#parts.reject(thrown instanceof Error ? requestError(thrown) : thrown);
  }

  /** Most functions ask for no signal, and none is made for them. */
  #context(): MeasureContext {
    const signal = (): AbortSignal => {
      this.#controller ??= new AbortController();
      if (this.#over && this.#givenUp !== undefined) this.#controller.abort(this.#givenUp);
      return this.#controller.signal;
    };
    return {
      get signal() {
        return signal();
      },
    };
  }
}
