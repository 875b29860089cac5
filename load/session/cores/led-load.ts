/**
 * A load as its first core leads it: waits until all cores are there, says when to begin, hears how each goes, and puts
 * the parts together. A core that dies, hangs or goes another way is named, and ends the load on all.
 */
import { decodeRun } from '../../measure/decode-run.ts';
import { encodeRun, type RunPayload } from '../../measure/payload.ts';
import { addRunData, type RunData } from '../../measure/run-data.ts';
import { applySnapshot, type LiveSnapshot } from '../../measure/snapshot.ts';
import { formatDuration } from '../../measure/units.ts';
import type { Clock } from '../../run/clock.ts';
import type { Look } from '../look.ts';
import { type Agreement, disagreement } from './agreement.ts';
import type { FromFirst } from './messages.ts';
import { Patience } from './patience.ts';
import type { SharedLoad, SharedLoadParts } from './shared-load.ts';
import { withCores } from './whole-run.ts';

/** How long the other cores may take, milliseconds. */
export interface GatherMs {
  /** From their start until their test begins. */
  readonly start: number;
  /** From then on, or from when this load is called, until they are ready for it. */
  readonly load: number;
}

export interface LedLoadParts extends SharedLoadParts {
  readonly agreement: Agreement;
  readonly clock: Clock;
  readonly gatherMs: GatherMs;
  /** Cores on which the test has begun. */
  readonly atWork: ReadonlySet<number>;
  readonly say: (core: number, message: FromFirst) => void;
  /** Starts the other cores, where they are not there yet. */
  readonly summon: () => Promise<void>;
}

/** How a core stands with this load. */
type Standing =
  | { readonly kind: 'awaited' }
  | { readonly kind: 'ready' }
  /** Setting up its users. */
  | { readonly kind: 'settingUp' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly data: RunData; readonly beganAtMs: number }
  | { readonly kind: 'lost'; readonly words: string };

interface Heard {
  /** Its seconds, as the live page has them. */
  readonly seen: Map<string, RunData>;
  /** What limits may ask of, where they do. */
  sums: RunData | undefined;
  /** Seconds since it said anything. */
  silent: number;
}

/** The first core starts this long after it has said so: each of the others hears it meanwhile. */
const noticeMs = 100;
/** Who says nothing for so many seconds hangs; a core that is merely busy speaks between two iterations. */
const silentSeconds = 10;

export class LedLoad implements SharedLoad {
  readonly core: SharedLoad['core'];
  readonly #parts: LedLoadParts;
  /** By core, from 2. */
  readonly #standings = new Map<number, Standing>();
  /** What each of them has told of this load. */
  readonly #heard = new Map<number, Heard>();
  /** Cores that have come to this load, with a part in it or without. */
  readonly #present = new Set<number>();
  readonly #patience: Patience;
  /** What came of it, for those who come later. */
  #outcome: (() => FromFirst) | undefined;
  #changed: (() => void) | undefined;
  #stopListening = (): void => undefined;
  #isGathering = false;
  #beganAtMs = 0;

  constructor(parts: LedLoadParts) {
    this.#parts = parts;
    this.core = { index: 0, of: parts.cores };
    this.#patience = new Patience({ clock: parts.clock, onOver: (cores) => this.#giveUp(cores) });
    for (let core = 2; core <= parts.cores; core++) {
      this.#standings.set(core, { kind: 'awaited' });
      this.#heard.set(core, { seen: new Map(), sums: undefined, silent: 0 });
    }
  }

  /**
   * Cores without a part in this load wait for its end as well; they too must have come the same way. Who has not is told
   * of by what is returned, and is lost to all loads.
   */
  ready(core: number, agreement: Agreement): string | undefined {
    const words = disagreement(this.#parts.agreement, agreement);
    if (words === undefined) this.#move(core, { kind: 'ready' }, ['awaited']);
    this.#present.add(core);
    if (this.#outcome !== undefined) this.#parts.say(core, this.#outcome());
    return words;
  }

  beat(core: number, { snapshot, sums }: { readonly snapshot?: LiveSnapshot; readonly sums?: RunPayload }): void {
    const heard = this.#heard.get(core);
    if (heard === undefined) return;
    heard.silent = 0;
    if (snapshot !== undefined) applySnapshot(heard.seen, snapshot);
    if (sums !== undefined) heard.sums = decodeRun(sums);
  }

  done(core: number, payload: RunPayload, beganAtMs: number): void {
    this.#move(core, { kind: 'done', data: decodeRun(payload), beganAtMs }, ['running']);
  }

  /** One that was there and is lost ends the load on all, also while it still waits for its start. */
  lose(core: number, words: string): void {
    const kind = this.#standings.get(core)?.kind;
    this.#move(core, { kind: 'lost', words: `core ${core} of ${this.core.of} ${words}` }, [
      'awaited',
      'ready',
      'settingUp',
      'running',
    ]);
    if (kind !== 'ready' && kind !== 'settingUp' && kind !== 'running') return;
    const reason = `core ${core} of ${this.core.of} was lost`;
    this.stop(reason);
    this.#parts.onStop(reason);
  }

  /** The test has begun on a core. */
  begunTest(core: number): void {
    if (this.#isGathering && this.#standings.get(core)?.kind === 'awaited') this.#await(core);
  }

  async gathered(signal: AbortSignal): Promise<void> {
    const { summon } = this.#parts;
    await summon();
    const wake = () => this.#changed?.();
    signal.addEventListener('abort', wake);
    this.#isGathering = true;
    for (const core of this.#are('awaited')) this.#await(core);
    await this.#until(() => signal.aborted || this.lost.length > 0 || this.#are('awaited').length === 0);
    signal.removeEventListener('abort', wake);
    this.#isGathering = false;
    this.#patience.end();
    this.#refuseIncomplete();
    if (signal.aborted) throw new Error('nothing was sent: the test ended while it waited for the other cores');
  }

  /** A core that takes much longer than this one does is lost; one that is lost is not waited for. */
  async setUp(own: () => Promise<void>): Promise<void> {
    for (const core of this.#are('ready')) {
      this.#move(core, { kind: 'settingUp' }, ['ready']);
      this.#say(core, { kind: 'setUp', index: this.#parts.index });
    }
    const { clock, gatherMs } = this.#parts;
    const fromMs = clock.now();
    await own();
    const moreMs = clock.now() - fromMs + gatherMs.load;
    const cancel = clock.at(clock.now() + moreMs, () => {
      for (const core of this.#are('settingUp'))
        this.lose(core, `had not set up its users ${formatDuration(Math.round(moreMs))} after the first core`);
    });
    await this.#until(() => this.#are('settingUp').length === 0);
    cancel();
  }

  /** A core has set up its users. */
  usersReady(core: number): void {
    this.#move(core, { kind: 'ready' }, ['settingUp']);
  }

  async startsAt(): Promise<number> {
    this.#refuseIncomplete();
    const { clock, index, wantsSums } = this.#parts;
    const atMs = clock.now() + noticeMs;
    for (const core of this.#are('ready')) {
      this.#move(core, { kind: 'running' }, ['ready']);
      this.#say(core, { kind: 'start', index, atMs: atMs + clock.originMs, wantsSums });
    }
    this.#stopListening = clock.every(1_000, () => this.#listen());
    return atMs;
  }

  begun(_: Look, zeroMs: number): void {
    this.#beganAtMs = zeroMs + this.#parts.clock.originMs;
  }

  get others(): readonly RunData[] {
    return [...this.#heard.values()].flatMap(({ seen }) => [...seen.values()]);
  }

  get lost(): readonly string[] {
    return [...this.#standings.values()].flatMap((standing) => (standing.kind === 'lost' ? [standing.words] : []));
  }

  get sums(): readonly RunData[] {
    return [...this.#heard.values()].flatMap(({ sums }) => sums ?? []);
  }

  /** Also where they set up users, or wait for the start: it comes to them as well, and finds them stopped. */
  stop(reason: string): void {
    for (const core of [...this.#are('ready'), ...this.#are('settingUp'), ...this.#are('running')])
      this.#say(core, { kind: 'stop', index: this.#parts.index, reason });
  }

  async whole(data: RunData): Promise<RunData> {
    await this.#until(() => this.#are('running').length === 0);
    this.#stopListening();
    const done = [...this.#standings.values()].filter((standing) => standing.kind === 'done');
    const own = { data, beganAtMs: this.#beganAtMs };
    const segments = withCores([own, ...done], this.core.of, this.lost);
    for (const part of done) addRunData(data, part.data);
    data.segments.splice(0, data.segments.length, ...segments);
    return data;
  }

  handOver(data: RunData): void {
    this.#end(() => ({ kind: 'merged', index: this.#parts.index, payload: encodeRun(data) }));
  }

  fail(reason: string): void {
    this.#stopListening();
    this.#end(() => ({ kind: 'failed', index: this.#parts.index, reason }));
  }

  #refuseIncomplete(): void {
    const { lost } = this;
    if (lost.length > 0) throw new Error(`nothing was sent: ${lost.join('\n')}`);
  }

  #end(outcome: () => FromFirst): void {
    this.#outcome = outcome;
    if (this.#present.size === 0) return;
    const message = outcome();
    for (const core of this.#present) this.#say(core, message);
  }

  #say(core: number, message: FromFirst): void {
    this.#parts.say(core, message);
  }

  #listen(): void {
    for (const core of this.#are('running')) {
      const heard = this.#heard.get(core);
      if (heard !== undefined && ++heard.silent > silentSeconds)
        this.lose(core, `hung: it said nothing for ${silentSeconds} s`);
    }
  }

  #await(core: number): void {
    const { atWork, gatherMs } = this.#parts;
    this.#patience.giveFor(core, atWork.has(core) ? gatherMs.load : gatherMs.start);
  }

  #giveUp(cores: readonly number[]): void {
    const { atWork, gatherMs } = this.#parts;
    const late = this.#are('awaited').filter((core) => cores.includes(core));
    for (const core of late)
      this.lose(
        core,
        atWork.has(core)
          ? `did not come to this load within ${formatDuration(gatherMs.load)}`
          : `did not begin its test within ${formatDuration(gatherMs.start)}`,
      );
  }

  #are(kind: Standing['kind']): number[] {
    return [...this.#standings].flatMap(([core, standing]) => (standing.kind === kind ? [core] : []));
  }

  #move(core: number, to: Standing, from: readonly Standing['kind'][]): void {
    const standing = this.#standings.get(core);
    if (standing === undefined || !from.includes(standing.kind)) return;
    this.#standings.set(core, to);
    this.#changed?.();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}
