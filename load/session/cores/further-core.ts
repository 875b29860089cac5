/**
 * A core that the first one leads: comes to the same loads, begins each when it is told, says how it goes, and goes on with
 * the whole. It judges nothing, and ends at once when the first core is gone.
 */
import { connect } from 'node:net';
import { decodeRun } from '../../measure/decode-run.ts';
import { encodeRun, type RunPayload } from '../../measure/payload.ts';
import type { RunData } from '../../measure/run-data.ts';
import { encodeSnapshot, newestSecond, type SnapshotTest } from '../../measure/snapshot.ts';
import type { Share } from '../../profile/profile.ts';
import { quietlyLater } from '../../resources/observing.ts';
import type { Clock } from '../../run/clock.ts';
import type { Look } from '../look.ts';
import type { Agreement } from './agreement.ts';
import { type FromFirst, MessageLine, type ToFirst } from './messages.ts';
import type { NestedSettings } from './nested-settings.ts';
import type { SharedLoad, SharedLoadParts } from './shared-load.ts';
import { sumsOf } from './sums.ts';

export interface FurtherCoreParts {
  readonly settings: NestedSettings;
  /** From 1. */
  readonly core: number;
  readonly clock: Clock;
  readonly test: SnapshotTest;
}

export interface FollowedLoadParts extends SharedLoadParts {
  readonly agreement: () => Agreement;
}

const everyMs = 1_000;
/** Seconds that the first core's progress may still ask of. */
const shownSeconds = 3;

export class FurtherCore {
  readonly #parts: FurtherCoreParts;
  readonly #line: MessageLine<FromFirst, ToFirst>;
  readonly #loads = new Map<number, FollowedLoad>();
  #isOver = false;

  constructor(parts: FurtherCoreParts) {
    this.#parts = parts;
    const { settings, core } = parts;
    const socket = connect({ host: '127.0.0.1', port: settings.port });
    this.#line = new MessageLine(socket, {
      onHeard: (message) => this.#hear(message),
      onClosed: () => {
        if (!this.#isOver) process.kill(process.pid, 'SIGKILL'); // nobody waits for this core any more
      },
    });
    this.#line.trust();
    this.#line.say({ kind: 'hello', token: settings.token, core });
  }

  follow(parts: FollowedLoadParts): FollowedLoad {
    const { core, clock, test } = this.#parts;
    const part = { index: core - 1, of: parts.cores };
    const load = new FollowedLoad({ ...parts, core: part, clock, test, say: (message) => this.#line.say(message) });
    this.#loads.set(parts.index, load);
    if (this.#isOver) load.end();
    return load;
  }

  #hear(message: FromFirst): void {
    if (message.kind === 'over') {
      this.#isOver = true;
      for (const load of this.#loads.values()) load.end();
      this.#line.end();
    } else this.#loads.get(message.index)?.hear(message);
  }
}

interface FollowedParts extends FollowedLoadParts {
  readonly core: Share;
  readonly clock: Clock;
  readonly test: SnapshotTest;
  readonly say: (message: ToFirst) => void;
}

export class FollowedLoad implements SharedLoad {
  readonly core: Share;
  readonly others: readonly RunData[] = [];
  readonly lost: readonly string[] = [];
  readonly sums: readonly RunData[] = [];
  readonly #parts: FollowedParts;
  readonly #start = promised<Extract<FromFirst, { kind: 'start' }>>();
  readonly #whole = promised<RunPayload>();
  readonly #setUp = promised<undefined>();
  #isReady = false;
  readonly #sent = new AbortController();
  #beganAtMs = 0;
  #wantsSums = false;

  constructor(parts: FollowedParts) {
    this.#parts = parts;
    this.core = parts.core;
  }

  hear(message: Exclude<FromFirst, { kind: 'over' }>): void {
    if (message.kind === 'start') this.#start.keep(message);
    else if (message.kind === 'setUp') this.#setUp.keep(undefined);
    else if (message.kind === 'stop') this.#parts.onStop(message.reason);
    else if (message.kind === 'merged') this.#whole.keep(message.payload);
    else this.#break(message.reason);
  }

  end(): void {
    this.#break('the test of the first core is over');
  }

  gathered(): Promise<void> {
    return Promise.resolve(); // the first core says when to start, once all are
  }

  async setUp(own: () => Promise<void>): Promise<void> {
    const { index, say } = this.#parts;
    this.#sayReady();
    await this.#setUp.made;
    await own();
    say({ kind: 'usersReady', index });
  }

  async startsAt(): Promise<number> {
    const { clock } = this.#parts;
    this.#sayReady();
    const { atMs, wantsSums } = await this.#start.made;
    this.#wantsSums = wantsSums;
    return atMs - clock.originMs;
  }

  begun(look: Look, zeroMs: number): void {
    const { clock } = this.#parts;
    this.#beganAtMs = zeroMs + clock.originMs;
    void quietlyLater('the word to the first core', async () => {
      for (let atMs = clock.now() + everyMs; ; atMs += everyMs) {
        await clock.sleepUntil(atMs, this.#sent.signal);
        if (this.#sent.signal.aborted) return;
        this.#beat(look);
      }
    });
  }

  stop(): void {
    // the first core alone ends a load of several
  }

  async whole(data: RunData): Promise<RunData> {
    this.#parts.say({ kind: 'done', index: this.#parts.index, payload: encodeRun(data), beganAtMs: this.#beganAtMs });
    this.#sent.abort();
    return decodeRun(await this.#whole.made);
  }

  /** What came of a load in which this core has no part. */
  async looksOn(): Promise<RunData> {
    this.#sayReady();
    return decodeRun(await this.#whole.made);
  }

  handOver(): void {
    // the first core does
  }

  fail(): void {
    this.#sent.abort(); // its test ends as failed, which the first core is told by its Playwright
  }

  #sayReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    const { index, agreement, say } = this.#parts;
    say({ kind: 'ready', index, agreement: agreement() });
  }

  #beat(look: Look): void {
    const { index, say, test } = this.#parts;
    const since = newestSecond(look(Infinity)) - shownSeconds;
    const data = look(since);
    say({
      kind: 'beat',
      index,
      snapshot: encodeSnapshot(data, since, test),
      ...(this.#wantsSums && { sums: encodeRun(sumsOf(data)) }),
    });
  }

  #break(reason: string): void {
    this.#setUp.break(new Error(reason));
    this.#start.break(new Error(reason));
    this.#whole.break(new Error(reason));
    this.#parts.onStop(reason);
  }
}

/** A promise and the two ends of it; nobody need wait for one that is broken. */
function promised<Value>() {
  let keep: (value: Value) => void = () => undefined;
  let break_: (error: Error) => void = () => undefined;
  const made = new Promise<Value>((resolve, reject) => {
    keep = resolve;
    break_ = reject;
  });
  made.catch(() => undefined);
  return { made, keep, break: break_ };
}
