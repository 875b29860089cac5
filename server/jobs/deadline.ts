/**
 * A limit on how long something may take, that also ends when its caller does. Not `AbortSignal.any` over an
 * `AbortSignal.timeout`: what nobody else holds is collected before its time, and never fires (nodejs/node#57736).
 */
export class Deadline {
  /** Aborted with a `TimeoutError` when the time is over, or with the caller's reason before. */
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #stop: () => void;
  #isOver = false;

  /** To be ended, however it went. */
  constructor(ms: number, caller?: AbortSignal) {
    const own = new AbortController();
    this.signal = own.signal;
    this.#caller = caller;
    this.#stop = () => own.abort(caller?.reason);
    this.#timer = setTimeout(() => {
      this.#isOver = !own.signal.aborted;
      own.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
    }, ms);
    if (caller?.aborted === true) this.#stop();
    else caller?.addEventListener('abort', this.#stop);
  }

  /** Whether the time was over before the caller was. */
  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#stop);
  }
}
