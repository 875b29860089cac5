/**
 * Wakes the event loop between the milliseconds of Node's timers. A thread of its own waits on a futex, which takes
 * fractions of them, and posts a message a little before a moment is due: as long before as messages have lately taken.
 * What is then left, some hundredths of a millisecond, the loop turns without sleeping.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { longestTimerMs } from '../measure/units.ts';
import { type Sleeper, Sleepers } from './sleepers.ts';

/** Kept as text: it starts without a loader, in whatever form the library is installed. */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads');
const { performance } = require('node:perf_hooks');
const told = new Int32Array(workerData, 0, 1);
const moment = new Float64Array(workerData, 8, 1);
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
for (;;) {
  const turn = Atomics.load(told, 0);
  const leftMs = moment[0] - originMs - performance.now();
  if (leftMs > 0 && Atomics.wait(told, 0, turn, leftMs) !== 'timed-out') continue;
  parentPort.postMessage(0);
  Atomics.wait(told, 0, turn);
}
`;
/** How often the thread was told a moment, and the moment, in milliseconds of the machine's monotonic clock. */
const sharedBytes = 16;

/** The loop turns without sleeping for no longer than this at a time. */
const longestSpinMs = 0.3;
/** A message that took longer found the loop at work: it says nothing of how long messages take. */
const idleDelayMs = 1;
/** What is expected of a message before any has come. */
const firstDelayMs = 0.05;
/** How far one message moves what is expected of the next. */
const stepMs = 0.004;
/** Share of the messages that are to come in time: the rest are late by less than they take. */
const inTime = 0.75;
/** A turn of an idle loop takes no longer: what does is work. */
const idleTurnMs = 0.01;
/** Who is due is woken after so long at the latest, should a message be lost. */
const netMs = 20;

/** A thread that takes longer to start is none. */
const startLimitMs = 5_000;

/** Whoever asks is woken, with the thread or without it: then by Node's timers, up to a millisecond late. */
export class Pacemaker {
  readonly #code: string;
  readonly #sleepers = new Sleepers();
  readonly #shared = new SharedArrayBuffer(sharedBytes);
  readonly #told = new Int32Array(this.#shared, 0, 1);
  readonly #moment = new Float64Array(this.#shared, 8, 1);
  /** How much more the monotonic clock shows that all threads and processes of the machine share, milliseconds. */
  readonly originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  #thread: Worker | undefined;
  #net: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** For which moment the loop is to be woken; Infinity for none, and -Infinity while the due are being woken. */
  #armedMs = Infinity;
  #expectedMs = firstDelayMs;
  #turnedAtMs = 0;
  #spunMs = 0;

  constructor(code = threadCode) {
    this.#code = code;
  }

  /** Time in which the loop turned though it had nothing to do, milliseconds since the start. */
  get spunMs(): number {
    return this.#spunMs;
  }

  /** Resolves when the thread runs, or cannot; `onLost` is told why it does not, or no longer. */
  async open(onLost: (why: string) => void): Promise<void> {
    this.#moment[0] = Infinity;
    let started: StartedThread;
    try {
      started = await startedThread(this.#code, this.#shared);
    } catch (error) {
      onLost(error instanceof Error ? error.message : String(error));
      return;
    }
    const { thread, ended } = started;
    thread.on('message', () => this.#arrived());
    void ended.then((why) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#rearm();
      onLost(why);
    });
    this.#thread = thread;
    this.#rearm();
  }

  /** Who still waits is woken by Node's timers. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#rearm();
    await thread?.terminate();
  }

  /** Calls back at the moment and never before it, in the order of the moments; cancelled by what is returned. `wake` must not throw. */
  at(atMs: number, wake: () => void): () => void {
    const sleeper = this.#sleepers.add(atMs, wake);
    if (atMs < this.#armedMs) this.#arm(sleeper);
    return () => {
      this.#sleepers.cancel(sleeper);
      if (this.#sleepers.next === undefined) this.#disarm();
    };
  }

  #arrived(): void {
    const tookMs = performance.now() - this.#armedMs + this.#expectedMs;
    if (tookMs > 0 && tookMs < idleDelayMs) {
      const expectedMs = this.#expectedMs + stepMs * (tookMs > this.#expectedMs ? inTime : inTime - 1);
      this.#expectedMs = Math.min(longestSpinMs, Math.max(0, expectedMs));
    }
    this.#wakeDue();
  }

  #spin(): void {
    this.#turn = undefined;
    this.#spunMs += Math.min(performance.now() - this.#turnedAtMs, idleTurnMs);
    this.#wakeDue();
  }

  /** Who asks meanwhile waits for a turn of the loop, however late: sockets have theirs in between. */
  #wakeDue(): void {
    const due = this.#sleepers.takeDue(performance.now());
    this.#armedMs = -Infinity; // for them it is armed below
    for (const sleeper of due) {
      sleeper.wake?.();
      sleeper.wake = undefined;
    }
    this.#rearm();
  }

  #rearm(): void {
    const { next } = this.#sleepers;
    if (next === undefined) this.#disarm();
    else this.#arm(next);
  }

  #arm({ atMs }: Sleeper): void {
    this.#armedMs = atMs;
    this.#net ??= setInterval(() => this.#wakeDue(), netMs);
    const now = performance.now();
    const leftMs = atMs - now;
    if (leftMs <= this.#expectedMs) {
      this.#turnedAtMs = now;
      this.#turn ??= setImmediate(() => this.#spin());
    } else if (this.#thread === undefined) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#wakeDue(), Math.min(leftMs, longestTimerMs));
    } else {
      this.#moment[0] = atMs - this.#expectedMs + this.originMs;
      Atomics.add(this.#told, 0, 1);
      Atomics.notify(this.#told, 0);
    }
  }

  #disarm(): void {
    this.#armedMs = Infinity;
    clearInterval(this.#net);
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#net = this.#timer = this.#turn = undefined;
  }
}

interface StartedThread {
  readonly thread: Worker;
  /** Resolves with why, once it has; it never rejects. */
  readonly ended: Promise<string>;
}

/** Rejects where the machine has no thread to give, or none in time. */
async function startedThread(code: string, shared: SharedArrayBuffer): Promise<StartedThread> {
  const thread = new Worker(code, {
    eval: true,
    workerData: shared,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  // From the beginning: where this process was held up, its start and its end come in one turn.
  const ended = new Promise<string>((resolve) => {
    let why = 'its thread ended';
    thread.on('error', (error) => (why = error.message)); // `exit` follows
    thread.on('exit', () => resolve(why));
  });
  try {
    await once(thread, 'online', { signal: AbortSignal.timeout(startLimitMs) });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  thread.unref();
  return { thread, ended };
}
