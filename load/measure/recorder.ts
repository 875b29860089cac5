/**
 * Takes what happens in a run and counts it. A request is filed by the second in which it was meant to start, warm-up
 * apart from everything else; nothing about a single request is kept, save the few exemplars.
 */
import { countApdex } from './counts.ts';
import { dropEmptyRows, frameWindows, problemsAtEnd } from './closing-books.ts';
import { emptyCheck } from './check-data.ts';
import { otherChecks, otherGroups } from './bounded-rows.ts';
import { type EndpointRow, EndpointRows, type Outcome } from './endpoint-rows.ts';
import { EntryNames } from './entry-name.ts';
import { ErrorBook, maxErrorGroups } from './error-book.ts';
import { FineBook } from './fine-book.ts';
import { emptyGroup, type GroupData } from './group-data.ts';
import { ForgottenRequests } from './forgotten-requests.ts';
import { type CallSite, intendedMsOf, type MeasuredIteration } from './measured-iteration.ts';
import { addAgain } from './network.ts';
import { emptyRunData, emptyRunWindow, entry, type RunData, type RunPlan, type RunWindow } from './run-data.ts';
import { countOne, type FineWindow } from './run-window.ts';
import type { SampleRules } from './samples/kind.ts';
import { kindOf, type Sample, serviceMsOf } from './samples/sample.ts';
import { SocketRecorder } from './socket-recorder.ts';
import { StatusBook } from './status-book.ts';
import { saidOfStatus } from './status-rule.ts';
import { StreamFiling } from './stream-filing.ts';
import { TagRows } from './tags.ts';
import { thrownWords } from './thrown-words.ts';
import { userErrorKind } from './user-book.ts';

export type { CallSite, MeasuredIteration };

export interface RecorderOptions {
  readonly plan: RunPlan;
  /** Whether a status counts as success; statuses under 400 do unless the user says otherwise. */
  readonly expectStatus?: (status: number) => boolean;
  /** Whether exemplars keep the heads of bodies; they do unless the user says otherwise. */
  readonly keepBodies?: boolean;
  /** Templates of paths that name rows, before the automatic ones. */
  readonly routes?: readonly string[];
  /** Header of the answers that has their server's version, before those that are usual. */
  readonly versionHeader?: string | undefined;
}

export class Recorder {
  readonly data: RunData;
  /** Is told of WebSockets beside their handshakes and round trips. */
  readonly sockets: SocketRecorder;
  readonly #open: boolean;
  readonly #rows: EndpointRows;
  readonly #tags: TagRows;
  readonly #fine: FineBook;
  readonly #statuses = new StatusBook();
  readonly #errors: ErrorBook;
  readonly #checks = new EntryNames();
  readonly #groups = new EntryNames();
  readonly #expectStatus: (status: number) => boolean;
  readonly #rules: SampleRules = { expectStatus: (status) => this.#isExpected(status) };
  /** Start of the measured part on the run's clock; what comes before is warm-up. */
  #zeroMs = 0;
  #inFlight = 0;
  /** Requests of the measured part that have begun and not ended. */
  #measuredInFlight = 0;
  /** Iterations of the measured part that have begun and not ended. */
  #iterationsUnderWay = 0;
  #users = 0;
  #arrivals = 0;
  #stopped = false;
  #stoppedAtMs = 0;
  #closed = false;
  readonly #forgotten = new ForgottenRequests();
  readonly #brokenWatches = new Set<string>();
  #onQuiet: (() => void) | undefined;
  /** The last second that `tick` has seen. */
  #tickedSecond = -1;
  /** Below 0 until the measured part begins. */
  #lastEndMs = -1;
  #window: RunWindow = emptyRunWindow();
  #windowSecond = Number.NaN;

  constructor({ plan, ...rules }: RecorderOptions) {
    const { expectStatus = (status) => status < 400, keepBodies = true, routes = [], versionHeader } = rules;
    this.data = emptyRunData(plan);
    if (!keepBodies) this.data.exemplars.leaveOutBodies();
    this.#rows = new EndpointRows(this.data.endpoints, routes, versionHeader);
    this.sockets = this.#socketRecorder();
    this.#tags = new TagRows(this.data.tags);
    this.#fine = new FineBook(this.data.fine);
    this.#errors = new ErrorBook(this.data.errors, keepBodies);
    this.#open = plan.model === 'open';
    this.#expectStatus = expectStatus;
  }

  /** The measured part begins at this moment of the run's clock. */
  begin(zeroMs: number): void {
    this.#zeroMs = zeroMs;
    this.#lastEndMs = zeroMs;
  }

  /** The servers that were called: `http://127.0.0.1:8002`. */
  get origins(): string[] {
    return this.#rows.origins;
  }

  /** What their answers call their version, by origin; absent where none does. */
  get versions(): Readonly<Record<string, string>> | undefined {
    return this.#rows.versions;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** When the last response of the measured part had come, on the run's clock. */
  get lastEndMs(): number {
    return this.#lastEndMs;
  }

  /** Whether the run is over: whatever comes now is too late to count. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether what happens at this moment of the run's clock is of the measured part. */
  isMeasured(nowMs: number): boolean {
    return nowMs >= this.#zeroMs && !this.#stopped;
  }

  /** Resolves once no request of the measured part is under way, forgotten ones included. */
  async quiet(): Promise<void> {
    if (this.#measuredInFlight === 0) return;
    await new Promise<void>((resolve) => (this.#onQuiet = resolve));
  }

  userCount(change: 1 | -1, nowMs: number): void {
    const most = Math.max(this.#users, this.#users + change);
    const window = this.#at(nowMs);
    window.users = Math.max(window.users, most);
    const fine = this.#fineAt(nowMs);
    if (fine !== undefined) fine.users = Math.max(fine.users, most);
    this.#users += change;
  }

  /** To be called about once a second: levels are kept of seconds too in which nothing begins, such as a stall. */
  tick(nowMs: number): void {
    this.#statuses.write();
    this.sockets.tick(nowMs);
    const now = this.#secondOf(nowMs);
    for (let second = this.#tickedSecond + 1; second <= now; second++) {
      const window = entry(this.data.windows, second, emptyRunWindow);
      window.users = Math.max(window.users, this.#users);
      window.inFlight = Math.max(window.inFlight, this.#inFlight);
    }
    this.#tickedSecond = Math.max(this.#tickedSecond, now);
  }

  /** An arrival is due: it will be started or dropped. */
  arrivalDue(dueMs: number, warmUp: boolean): void {
    this.#at(dueMs, warmUp).scheduled += 1;
    if (warmUp) return;
    this.#arrivals += 1;
    const fine = this.#fineAt(dueMs);
    if (fine !== undefined) fine.scheduled += 1;
  }

  /** An arrival that was due while `maxInFlight` was reached, or that came too late to be started at all. */
  dropped(dueMs: number, warmUp: boolean): void {
    this.#at(dueMs, warmUp).dropped += 1;
    if (warmUp) return;
    this.data.counts.scheduled += 1;
    this.data.counts.dropped += 1;
    const fine = this.#fineAt(dueMs);
    if (fine !== undefined) fine.dropped += 1;
  }

  iterationStarted(iteration: MeasuredIteration, startedAtMs: number): void {
    if (!this.#open) this.#at(startedAtMs, iteration.warmUp).scheduled += 1;
    if (iteration.warmUp) return;
    iteration.startedAtMs = startedAtMs;
    this.data.iterations.started += 1;
    this.#iterationsUnderWay += 1;
    if (this.#open) {
      this.data.lag.recordMs(Math.max(0, startedAtMs - iteration.dueMs));
      return;
    }
    const fine = this.#fineAt(startedAtMs);
    if (fine !== undefined) fine.scheduled += 1;
  }

  /**
   * `failure` is what the scenario threw; `ofRequest` tells that it was a request's own error, which is counted there. One
   * that ended well has lasted from its start to `endedAtMs`, where that is known.
   */
  iterationEnded(
    iteration: MeasuredIteration,
    outcome: 'ok' | { readonly failure: unknown; readonly ofRequest: boolean },
    endedAtMs?: number,
  ): void {
    iteration.isOver = true;
    if (iteration.warmUp || this.#stopped) return;
    this.#iterationsUnderWay -= 1;
    if (outcome === 'ok' && (iteration.underWay ?? 0) === 0) {
      if (iteration.firstCallAtMs === undefined) this.data.idleIterations += 1;
      if (endedAtMs !== undefined && iteration.startedAtMs !== undefined)
        this.data.iterationMs.recordMs(Math.max(0, endedAtMs - iteration.startedAtMs));
      return;
    }
    const failure = outcome === 'ok' ? this.#forgotten.errorOf(iteration) : outcome.failure;
    this.data.iterations.failed += 1;
    if (outcome !== 'ok' && outcome.ofRequest && iteration.hasFailure === true) return;
    this.data.exceptions += 1;
    this.#told('exception', 'scenario', failure, iteration);
  }

  requestStarted(iteration: MeasuredIteration, nowMs: number): void {
    if (this.#stopped) return;
    iteration.firstCallAtMs ??= nowMs;
    this.#inFlight += 1;
    const window = this.#at(nowMs, iteration.warmUp);
    if (this.#inFlight > window.inFlight) window.inFlight = this.#inFlight;
    if (iteration.warmUp) return;
    const fine = this.#fineAt(nowMs);
    if (fine !== undefined && this.#inFlight > fine.inFlight) fine.inFlight = this.#inFlight;
    iteration.underWay = (iteration.underWay ?? 0) + 1;
    iteration.onUnderWay?.();
    this.#measuredInFlight += 1;
    this.data.counts.started += 1;
    this.data.counts.scheduled += 1;
  }

  /** Takes what comes of a stream whose head was good; undefined where it is in no number. */
  streamBegun(sample: Sample, iteration: MeasuredIteration): StreamFiling | undefined {
    if (iteration.warmUp || this.#stopped) return undefined;
    const fromMs = this.#open ? intendedMsOf(sample, iteration) : (sample.sentAtMs ?? sample.calledAtMs);
    const ofRun = { fromMs, zeroMs: this.#zeroMs, isOver: () => this.#stopped };
    return new StreamFiling({ row: this.#rows.of(sample).data, tagged: this.#tags.rowsOf(sample.tags), ...ofRun });
  }

  /** Once for each request that was started; after `stop` it says which one was cut off. */
  requestEnded(sample: Sample, iteration: MeasuredIteration): void {
    if (this.#closed) return;
    if (this.#stopped) this.#file(sample, iteration, 'unfinished');
    else this.#file(sample, iteration, this.#outcomeOf(sample, iteration));
  }

  #file(sample: Sample, iteration: MeasuredIteration, outcome: Outcome): void {
    const { warmUp } = iteration;
    const { calledAtMs } = sample;
    const isCutOff = outcome === 'unfinished';
    const endedAtMs = isCutOff ? this.#stoppedAtMs : sample.endedAtMs;
    const fine = warmUp || isCutOff ? undefined : this.#fineAt(endedAtMs); // before there is one less in flight
    if (fine !== undefined) fine.completed += 1;
    this.#inFlight -= 1;
    const intendedMs = this.#open ? intendedMsOf(sample, iteration) : calledAtMs;
    const serviceMs = isCutOff ? endedAtMs - calledAtMs : serviceMsOf(sample);
    const responseMs = this.#open ? endedAtMs - intendedMs : undefined;
    const latencyMs = responseMs ?? serviceMs;
    const row = this.#rows.of(sample);
    row.fileSecond(this.#secondOf(intendedMs, warmUp), outcome, latencyMs);
    if (!isCutOff) this.#at(endedAtMs, warmUp).completed += 1;
    if (warmUp) return;
    if (outcome !== 'failed') this.#fine.note(intendedMs - this.#zeroMs, latencyMs);
    iteration.underWay = (iteration.underWay ?? 0) - 1;
    iteration.onUnderWay?.();
    this.#measuredInFlight -= 1;
    this.#lastEndMs = Math.max(this.#lastEndMs, endedAtMs);
    this.data.counts[outcome] += 1;
    sample.fileAtPeers?.();
    if (sample.again !== undefined) addAgain(this.data.network, sample.again);
    const filed = { sample, outcome, serviceMs, responseMs, fromMs: intendedMs, toMs: endedAtMs };
    this.#answered(row.file(filed), intendedMs);
    if (sample.tags !== undefined) this.#tags.file(sample.tags, filed, this.#secondOf(intendedMs));
    countApdex(this.data, outcome, latencyMs);
    const atMs = intendedMs - this.#zeroMs;
    if (outcome === 'ok') this.data.exemplars.considerSlow(sample, row.name, atMs, serviceMs);
    else {
      iteration.hasFailure = true;
      this.#failed(sample, { row, atMs, serviceMs, outcome });
    }
    if (this.#measuredInFlight === 0) this.#onQuiet?.();
  }

  #answered(status: string | undefined, intendedMs: number): void {
    if (status === undefined) return;
    this.#statuses.file(this.#at(intendedMs), status);
    const fine = this.#fineAt(intendedMs);
    if (fine !== undefined) countOne(fine.statuses, status);
  }

  /** Whoever comes when the run is over was let loose by its scenario; what it says can be in no number any more. */
  cameTooLate(what: 'a check' | 'a request' | 'a measured call' | 'a failed `expect.soft`'): void {
    const problem = `run: ${what} came when it was over: is an \`await\` missing?`;
    if (!this.data.accounting.includes(problem)) this.data.accounting.push(problem);
  }

  check(name: string, passed: boolean, warmUp: boolean): void {
    if (warmUp || this.#stopped) return;
    const check = entry(this.data.checks, this.#checks.of(name, otherChecks), emptyCheck);
    if (passed) check.passed += 1;
    else check.failed += 1;
  }

  /** Undefined where it is in no number. */
  groupStarted(name: string, warmUp: boolean): GroupData | undefined {
    if (warmUp || this.#stopped) return undefined;
    const group = entry(this.data.groups, this.#groups.of(name, otherGroups), emptyGroup);
    group.started += 1;
    return group;
  }

  groupEnded(group: GroupData | undefined, ms: number, outcome: 'ok' | 'failed' | 'skipped'): void {
    if (group === undefined || this.#stopped) return;
    if (outcome === 'ok') group.durations.recordMs(ms);
    else if (outcome === 'failed') group.failed += 1;
    else group.started -= 1;
  }

  /** What an iteration that is over has left behind has failed: no iteration is left to fail by it. */
  failedLate(error: Error): void {
    this.data.exceptions += 1;
    this.#told('exception', 'scenario', error);
  }

  /** What looks on while the load goes on has thrown: each kind is told once, as an error of the scenario's own. */
  watchFailed(where: string, thrown: unknown): void {
    if (this.#brokenWatches.has(where)) return;
    this.#brokenWatches.add(where);
    this.data.exceptions += 1;
    this.#told('exception', where, thrown);
  }

  /** A user was not set up, or not torn down: told among the errors, and in the users' own book. */
  lifeFailed(where: string, thrown: unknown): void {
    this.#told(userErrorKind, where, thrown);
  }

  /** Filing has thrown, from inside a socket's callback: the books no longer tell all, so the run proves nothing. */
  bookFailed(thrown: unknown): void {
    const problem = `a request could not be filed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    if (!this.data.accounting.includes(problem) && this.data.accounting.length < maxErrorGroups)
      this.data.accounting.push(problem);
  }

  /**
   * The run is over at this moment: nothing that begins later counts, and what is under way is cut off. Its age is a
   * lower bound of its latency, which is filed as each request is given up.
   */
  stop(nowMs: number): void {
    this.#stopped = true;
    this.#stoppedAtMs = nowMs;
  }

  /**
   * Closes the books and checks them: what nobody has spoken of since `stop` is `unfinished` too, without a row. The run
   * has a window for each second until its end, and none beyond.
   */
  finish(endedAtMs?: number): void {
    this.#stopped = true;
    this.#closed = true;
    this.#statuses.write();
    const toMs = endedAtMs === undefined ? undefined : endedAtMs - this.#zeroMs;
    if (toMs !== undefined) frameWindows(this.data.windows, this.#tickedSecond + 1, Math.ceil(toMs / 1_000));
    this.#fine.end(toMs, this.#users, this.#inFlight);
    this.data.counts.unfinished += this.#measuredInFlight;
    this.data.iterations.unfinished += this.#iterationsUnderWay;
    const begun = this.data.counts.started - this.#measuredInFlight;
    this.data.accounting.push(...problemsAtEnd(this.data, { begun, ...(this.#open && { arrivals: this.#arrivals }) }));
    dropEmptyRows(this.data);
  }

  #socketRecorder(): SocketRecorder {
    return new SocketRecorder(this.#rows, {
      taggedOf: ({ tags }) => this.#tags.rowsOf(tags),
      isMeasured: (nowMs) => this.#lastEndMs >= 0 && this.isMeasured(nowMs),
      secondOf: (nowMs) => this.#secondOf(nowMs),
      onAbnormal: (error, nowMs) => {
        this.#errors.file({ ...error, says: error.message, atMs: nowMs - this.#zeroMs });
        this.#countError(error.kind, nowMs);
      },
    });
  }

  #outcomeOf(sample: Sample, { statusBefore }: MeasuredIteration): Outcome {
    const { failure } = sample;
    if (failure !== undefined) return failure.kind === 'timeout' ? 'timedOut' : 'failed';
    if (statusBefore !== undefined && kindOf(sample).answerOf(sample) === statusBefore) return 'ok';
    return kindOf(sample).isGood(sample, this.#rules) ? 'ok' : 'failed';
  }

  /** The rule is the user's: one that throws is an error of the scenario's, and no request is lost for it. */
  #isExpected(status: number): boolean {
    try {
      return saidOfStatus(this.#expectStatus, status);
    } catch (error) {
      this.data.exceptions += 1;
      this.#told('exception', 'expectStatus', error);
      return false;
    }
  }

  #failed(
    sample: Sample,
    { row, atMs, serviceMs, outcome }: { row: EndpointRow; atMs: number; serviceMs: number; outcome: Outcome },
  ): void {
    const kind = this.#errors.fileSample(sample, { endpoint: row.name, isCutOff: outcome === 'unfinished', atMs });
    this.#countError(kind, atMs + this.#zeroMs);
    this.data.exemplars.considerFailed(sample, row.name, kind, atMs, serviceMs);
  }

  #countError(kind: string, ms: number): void {
    countOne(this.#at(ms).errors, kind);
    const fine = this.#fineAt(ms);
    if (fine !== undefined) countOne(fine.errors, kind);
  }

  /** An error of the scenario's is told by when its iteration began. */
  #told(kind: string, where: string, thrown: unknown, iteration?: MeasuredIteration): void {
    const message = thrownWords(thrown);
    const atMs = iteration === undefined ? undefined : (iteration.firstCallAtMs ?? iteration.dueMs) - this.#zeroMs;
    this.#errors.file({ kind, endpoint: where, message, says: message, isOwn: true, atMs });
  }

  /** The run's window of a moment; the last one is remembered, since most moments fall into it. */
  #at(ms: number, warmUp = false): RunWindow {
    const second = this.#secondOf(ms, warmUp);
    if (second !== this.#windowSecond) {
      this.#window = entry(this.data.windows, second, emptyRunWindow);
      this.#windowSecond = second;
    }
    return this.#window;
  }

  #fineAt(ms: number): FineWindow | undefined {
    return this.#fine.isOpen ? this.#fine.of(ms - this.#zeroMs, this.#users, this.#inFlight) : undefined;
  }

  /** From 0; what was begun in the warm-up stays in its seconds, however long it takes. */
  #secondOf(ms: number, warmUp = false): number {
    const second = Math.floor((ms - this.#zeroMs) / 1_000);
    return warmUp && second > -1 ? -1 : second;
  }
}
