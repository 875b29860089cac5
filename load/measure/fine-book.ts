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
  /** Latencies as they come, and the windows they are of: to sort them in is for the few runs that turn out to be short. */
  #latencies = new Float64Array(1_024);
  #places = new Uint16Array(1_024);
  #noted = 0;

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

  /** A latency of what was due at this moment of the measured part. */
  note(ms: number, latencyMs: number): void {
    const at = Math.floor(ms / fineMs);
    if (!this.#isOpen || at < 0 || at >= mostWindows) return;
    if (this.#noted === this.#places.length) this.#grow();
    this.#latencies[this.#noted] = latencyMs;
    this.#places[this.#noted] = at;
    this.#noted += 1;
  }

  /** The run is over, at this moment where that is known. */
  end(ms: number | undefined, users: number, inFlight: number): void {
    if (!this.#isOpen) return;
    if (ms !== undefined && ms > fineUpToMs) {
      this.#close();
      return;
    }
    if (ms !== undefined) this.#frame(Math.ceil(ms / fineMs), users, inFlight);
    for (let n = 0; n < this.#noted; n++)
      this.#windows.get(this.#places[n] ?? 0)?.latency.record(this.#latencies[n] ?? 0);
    this.#noted = 0;
  }

  #grow(): void {
    const [latencies, places] = [this.#latencies, this.#places];
    this.#latencies = new Float64Array(2 * latencies.length);
    this.#latencies.set(latencies);
    this.#places = new Uint16Array(2 * places.length);
    this.#places.set(places);
  }

  #close(): void {
    this.#isOpen = false;
    this.#windows.clear();
    this.#window = emptyFineWindow();
    this.#latencies = new Float64Array(0);
    this.#places = new Uint16Array(0);
    this.#noted = 0;
  }

  #frame(upTo: number, users: number, inFlight: number): void {
    for (; this.#framed < upTo; this.#framed++)
      this.#windows.set(this.#framed, { ...emptyFineWindow(), users, inFlight });
  }
}
