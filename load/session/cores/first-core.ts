/**
 * The first core of a test, whose worker leads the others: it starts them once, when a load first asks for more than one,
 * listens on loopback for them alone, and takes them along through all loads of the test.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import type { TestInfo } from '@playwright/test';
import { encodeRun } from '../../measure/payload.ts';
import type { RunData } from '../../measure/run-data.ts';
import type { Share } from '../../profile/profile.ts';
import type { Clock } from '../../run/clock.ts';
import { unreachable } from '../../unreachable.ts';
import { type Agreement, disagreement } from './agreement.ts';
import { type GatherMs, LedLoad, type LedLoadParts } from './led-load.ts';
import { type FromFirst, MessageLine, type ToFirst } from './messages.ts';
import { NestedPlaywright } from './nested-playwright.ts';
import { OtherCoresOutput } from './other-cores-output.ts';
import type { NestedEnd, NestedWord } from './nested-words.ts';

export interface FirstCoreParts {
  readonly testInfo: TestInfo;
  readonly clock: Clock;
  readonly baseURL: string | undefined;
  readonly shard: Share;
  /** How long this worker took to come to the test's first such load, its earlier loads aside. */
  readonly spentMs: number;
  /** The loads that this test had before. */
  readonly past: readonly PastLoad[];
}

/** A load that began before there were other cores: they are told what came of it. */
export interface PastLoad {
  readonly agreement: Agreement;
  readonly over: Promise<RunData>;
}

/** How long Playwright may take to start and to come to the test: some 4 s where nothing else runs. */
const startMs = 180_000;
/** How long a core may take from there to its load, beside twice what the first one took. */
const leastGatherMs = 30_000;
/** How long a stranger may take to say who it is; one of ours may have to wait for the machine. */
const greetingMs = 60_000;
/** How long the words on a process that is gone may take to come; they end the wait. */
const wordsMs = 10_000;
/** How long the test may take on the other cores to end, hooks and all, and where one of them came to nothing. */
const graceMs = { ofAll: 20_000, ofTheRest: 5_000 };

interface Member {
  line: MessageLine<ToFirst, FromFirst> | undefined;
  readonly nested: NestedPlaywright;
  /** Why it takes part in nothing any more. */
  gone: string | undefined;
}

export class FirstCore {
  readonly #parts: FirstCoreParts;
  readonly #token = randomBytes(24).toString('hex');
  readonly #server: Server = createServer((socket) => this.#greet(socket));
  readonly #sockets = new Set<Socket>();
  readonly #nested: NestedPlaywright[] = [];
  #listening: Promise<unknown> | undefined;
  /** By core, from 2. */
  readonly #members = new Map<number, Member>();
  readonly #loads = new Map<number, LedLoad | PastLoad>();
  /** Cores on which the test has begun. */
  readonly #atWork = new Set<number>();
  readonly #output = new OtherCoresOutput();
  /** Cores that are at a load to which this one has not come yet. */
  readonly #early = new Map<number, [core: number, agreement: Agreement][]>();
  #isOver = false;

  constructor(parts: FirstCoreParts) {
    this.#parts = parts;
    parts.past.forEach((load, index) => this.#loads.set(index, load));
  }

  get gatherMs(): GatherMs {
    return { start: startMs, load: leastGatherMs + 2 * this.#parts.spentMs };
  }

  /** To be called for each load of the test, in order, with one core too. */
  lead(parts: Omit<LedLoadParts, 'atWork' | 'clock' | 'gatherMs' | 'say' | 'summon'>): LedLoad {
    const load = new LedLoad({
      ...parts,
      clock: this.#parts.clock,
      gatherMs: this.gatherMs,
      atWork: this.#atWork,
      say: (core, message) => this.#say(core, message),
      summon: () => this.#start(parts.cores),
    });
    this.#loads.set(parts.index, load);
    for (const [core, agreement] of this.#early.get(parts.index) ?? []) this.#ready(core, parts.index, agreement);
    for (const [core, { gone }] of this.#members) if (gone !== undefined) load.lose(core, gone);
    return load;
  }

  /** Starts what is missing of so many cores. Rejects if it cannot listen. */
  async #start(cores: number): Promise<void> {
    this.#listening ??= once(this.#server.listen(0, '127.0.0.1').unref(), 'listening');
    await this.#listening;
    if (this.#isOver) return;
    const firstCore = this.#members.size + 2;
    const workers = cores - firstCore + 1;
    if (workers > 0) this.#nest(firstCore, workers);
  }

  /** Ends the other cores; resolves when nothing of them is left. `isPatient`: they may end by themselves. */
  async close(isPatient: boolean): Promise<void> {
    this.#isOver = true;
    this.#say(0, { kind: 'over' });
    const isWhole = [...this.#members.values()].every(({ gone }) => gone === undefined);
    const ms = isPatient ? graceMs[isWhole ? 'ofAll' : 'ofTheRest'] : 0;
    await Promise.all(this.#nested.map(async (nested) => nested.end(ms)));
    this.#output.end();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #nest(firstCore: number, workers: number): void {
    const { testInfo, clock, baseURL, shard } = this.#parts;
    const cores = Array.from({ length: workers }, (_, at) => firstCore + at);
    const { port } = this.#server.address() as AddressInfo;
    const nested = new NestedPlaywright({
      testInfo,
      clock,
      baseURL,
      settings: { port, token: this.#token, firstCore, workers, shard },
      onWord: (word) => this.#hearOf(word),
      onExit: (words) => cores.forEach((core) => this.#lose(core, `is not there: ${words}${nested.said}`)),
    });
    this.#nested.push(nested);
    for (const core of cores) this.#members.set(core, { line: undefined, nested, gone: undefined });
  }

  /** Its Playwright tells. */
  #hearOf(word: NestedWord): void {
    switch (word.kind) {
      case 'began':
        this.#atWork.add(word.core);
        for (const load of this.#loads.values()) if (load instanceof LedLoad) load.begunTest(word.core);
        return;
      case 'said':
        this.#output.pass(word);
        return;
      case 'ended':
        this.#lose(word.core, wordsOf(word));
        return;
      default:
        unreachable(word);
    }
  }

  #greet(socket: Socket): void {
    this.#sockets.add(socket);
    let core: number | undefined;
    const { clock } = this.#parts;
    const giveUp = clock.at(clock.now() + greetingMs, () => line.cut());
    const line = new MessageLine<ToFirst, FromFirst>(socket, {
      onHeard: (message) => {
        if (core !== undefined) this.#hear(core, message);
        else if ((core = this.#admit(message, line)) === undefined) line.cut();
        else giveUp();
      },
      onClosed: () => {
        giveUp();
        this.#sockets.delete(socket);
        if (core !== undefined) void this.#disconnected(core);
      },
    });
  }

  /** Which core it is; undefined for a stranger, and for a second one of the same number. */
  #admit(message: ToFirst, line: MessageLine<ToFirst, FromFirst>): number | undefined {
    if (message.kind !== 'hello' || !isSame(message.token, this.#token)) return undefined;
    const member = this.#members.get(message.core);
    if (member === undefined || member.line !== undefined) return undefined;
    member.line = line;
    line.trust();
    return message.core;
  }

  #hear(core: number, message: ToFirst): void {
    const load = message.kind === 'hello' ? undefined : this.#loads.get(message.index);
    switch (message.kind) {
      case 'hello':
        return;
      case 'ready':
        this.#ready(core, message.index, message.agreement);
        return;
      case 'usersReady':
        if (load instanceof LedLoad) load.usersReady(core);
        return;
      case 'beat':
        if (load instanceof LedLoad) load.beat(core, message);
        return;
      case 'done':
        if (load instanceof LedLoad) load.done(core, message.payload, message.beganAtMs);
        return;
    }
  }

  #ready(core: number, index: number, agreement: Agreement): void {
    const load = this.#loads.get(index);
    if (load === undefined) this.#early.set(index, [...(this.#early.get(index) ?? []), [core, agreement]]);
    else if (load instanceof LedLoad) this.#strayed(core, load.ready(core, agreement));
    else {
      this.#strayed(core, disagreement(load.agreement, agreement));
      void load.over.then(
        (data) => this.#say(core, { kind: 'merged', index, payload: encodeRun(data) }),
        (error: unknown) => this.#say(core, { kind: 'failed', index, reason: String(error) }),
      );
    }
  }

  /** Who went another way in one load comes to no later one. */
  #strayed(core: number, words: string | undefined): void {
    if (words !== undefined) this.#lose(core, words);
  }

  async #disconnected(core: number): Promise<void> {
    if (this.#isOver) return;
    const { clock } = this.#parts;
    await clock.sleepUntil(clock.now() + wordsMs); // its Playwright may know why
    this.#lose(core, `went away${this.#members.get(core)?.nested.said ?? ''}`);
  }

  #lose(core: number, words: string): void {
    const member = this.#members.get(core);
    if (member === undefined || member.gone !== undefined || this.#isOver) return;
    member.gone = words;
    for (const load of this.#loads.values()) if (load instanceof LedLoad) load.lose(core, words);
  }

  /** To all with core 0. */
  #say(core: number, message: FromFirst): void {
    for (const [each, { line }] of this.#members) if (core === 0 || core === each) line?.say(message);
  }
}

/** Its test should have lasted as long as the first core's. */
function wordsOf({ status, words: coloured }: NestedEnd): string {
  const words = stripVTControlCharacters(coloured);
  if (status === 'refused') return words;
  if (status === 'passed')
    return 'ended its test without coming to this load: the test runs once on each core and must take the same path on each';
  return `ended its test as ${status}: ${words === '' ? 'it gave no reason' : words}\nThe test and its fixtures run once on each core: what only one process can have (a port, a locked file, an account) belongs in \`globalSetup\`, or under \`loadSegment.core === 1\``;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
