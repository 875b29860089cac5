/** Finds the fine window of a moment, as long as the run may still turn out to be a short one. */
import { emptyFineWindow, fineMs, fineUpToMs, type FineWindow } from './run-window.ts';

const mostWindows = fineUpToMs / fineMs;

export class FineBook {
  readonly #windows: Map<number, FineWindow>;
  #isOpen = true;
  #window: FineWindow = emptyFineWindow();
  #at = Number.NaN;
  /** Levels are kept of windows too in which nothing happens: up to here they are. */
  #framed = 0;

  constructor(windows: Map<number, FineWindow>) {
    this.#windows = windows;
  }

  /** Whether the run may still be a short one. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Undefined in the warm-up, and from the moment on at which the run is no short one. Levels are those of right before it. */
  of(ms: number, users: number, inFlight: number): FineWindow | undefined {
    if (!this.#isOpen) return undefined;
    const at = Math.floor(ms / fineMs);
    if (at === this.#at) return this.#window;
    if (at < 0) return undefined;
    if (at >= mostWindows) {
      this.#close();
      return undefined;
    }
    this.#frame(at + 1, users, inFlight);
    const window = this.#windows.get(at);
    if (window === undefined) return undefined;
    this.#window = window;
    this.#at = at;
    return window;
  }

  /** The run was over at this moment. */
  end(ms: number, users: number, inFlight: number): void {
    if (!this.#isOpen) return;
    if (ms > fineUpToMs) this.#close();
    else this.#frame(Math.ceil(ms / fineMs), users, inFlight);
  }

  #close(): void {
    this.#isOpen = false;
    this.#windows.clear();
    this.#window = emptyFineWindow();
  }

  #frame(upTo: number, users: number, inFlight: number): void {
    for (; this.#framed < upTo; this.#framed++)
      this.#windows.set(this.#framed, { ...emptyFineWindow(), users, inFlight });
  }
}
