/**
 * One listener for all who wait on the same signal: an `EventTarget` walks along those it has with each that is added or
 * removed, so ten thousand users who think would spend their time on it.
 */
interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly tell: () => void;
}

export class AbortListeners {
  readonly #bySignal = new WeakMap<AbortSignal, Waiting>();

  /** `onAbort` is called once, in the order of adding; the signal must not have been aborted. */
  add(signal: AbortSignal, onAbort: () => void): void {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) {
      known.callbacks.add(onAbort);
      return;
    }
    const callbacks = new Set([onAbort]);
    const tell = () => {
      this.#bySignal.delete(signal);
      for (const each of callbacks) each(); // all of them: it is over for all at once
    };
    this.#bySignal.set(signal, { callbacks, tell });
    signal.addEventListener('abort', tell, { once: true });
  }

  /** With the last one the listener goes, too: a signal may outlive all who wait on it. */
  remove(signal: AbortSignal, onAbort: () => void): void {
    const waiting = this.#bySignal.get(signal);
    if (waiting?.callbacks.delete(onAbort) !== true || waiting.callbacks.size > 0) return;
    this.#bySignal.delete(signal);
    signal.removeEventListener('abort', waiting.tell);
  }
}
