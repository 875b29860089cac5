/**
 * One simulated client: its own request context, cookies and place in the run. It has one iteration at a time, so what
 * its scenario sees is made once and only turned to the next iteration.
 */
import { holdOpen } from '../measure/measured-iteration.ts';
import type { CallSite, MeasuredIteration, Recorder } from '../measure/recorder.ts';
import type { Sample } from '../measure/samples/sample.ts';
import type { StreamFiling } from '../measure/stream-filing.ts';
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import type { IsForgotten, OnCall, OnPreparing, OnRefused, OnStream, RequestSample } from '../request/sample.ts';
import type { UserSockets } from '../request/sockets/user-sockets.ts';
import type { CallSites } from './call-site.ts';
import type { Clock } from './clock.ts';
import { measureProblem, returnedProblem } from './measure-arguments.ts';
import type { MeasuredCalls } from './measured-calls.ts';
import { softError } from './soft-error.ts';
import { numberProblem, partProblem, verdictProblem } from './scenario-arguments.ts';
import type { EndPart, InStep, ScenarioLife } from './scenario-zone.ts';
import { SeenCall } from './seen-call.ts';
import type { Connect, LoadSocket } from '../request/sockets/load-socket.ts';
import type {
  StreamingRequestContext,
  MeasureContext,
  MeasureOptions,
  NewContext,
  ScenarioContext,
  ScenarioMetrics,
} from './scenario.ts';
import { type PauseRules, UserPauses } from './user-pauses.ts';

/** What a context tells of its calls. */
export interface ContextCallbacks {
  readonly onCall: OnCall;
  readonly onRequest: (sample: Sample & { readonly tag: unknown }) => void;
  readonly onStream: OnStream;
  readonly callSite: () => CallSite | undefined;
  readonly onPreparing: OnPreparing;
  readonly isForgotten: IsForgotten;
  readonly onRefused: OnRefused;
  /** Whether an iteration is under way whose calls count. */
  readonly isAtWork: () => boolean;
}

/** What a user sends its requests with: a context of its own, and whatever more of them its scenario asks for. */
export interface UserContexts {
  readonly request: StreamingRequestContext;
  readonly newContext: NewContext;
  /** Makes one with the cookies and connections of `request` whose requests are in no number; outlives `request`. */
  readonly outside: () => StreamingRequestContext;
  /** Absent where the transport has none. */
  readonly sockets?: UserSockets;
  /** Closes what lasts for an iteration only. */
  readonly endIteration?: () => void;
}

/** Makes a user's request contexts, whose calls are reported to the callbacks. */
export type MakeContexts = (callbacks: ContextCallbacks) => UserContexts;

export interface UserParts {
  readonly number: number;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly makeContexts: MakeContexts;
  readonly callSites: CallSites;
  readonly pauseRules: PauseRules;
  readonly measuredCalls: MeasuredCalls;
  /** Shows groups and measured calls as steps of the test; undefined where they are none. */
  readonly inStep: InStep | undefined;
}

/** The tag of a call that came when the run was over. */
const tooLate = Symbol('too late');

function iterationOf(tag: unknown): MeasuredIteration | undefined {
  if (tag === tooLate) return undefined;
  return tag instanceof SeenCall ? tag.iteration : (tag as MeasuredIteration);
}

/** A call whose refusal counts, also where its scenario catches it. */
async function telling<Value>(onRefused: OnRefused, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    onRefused(error);
    throw error;
  }
}

function streamBegun(sample: RequestSample, recorder: Recorder): StreamFiling | undefined {
  const iteration = iterationOf(sample.tag);
  try {
    return iteration && recorder.streamBegun(sample, iteration);
  } catch (error) {
    recorder.bookFailed(error);
    return undefined;
  }
}

/** What one iteration is called, and its row of data. */
export interface Turn {
  readonly number: number;
  readonly turn: number;
  readonly row: unknown;
}

/** A context whose changing fields can be written by its owner. */
type Turning = { -readonly [key in keyof ScenarioContext<unknown>]: ScenarioContext<unknown>[key] };

interface MeasureAsked<Result> {
  readonly name: string;
  readonly part: (context: MeasureContext) => PromiseLike<Result>;
  readonly options: MeasureOptions | undefined;
}

export class SimulatedUser {
  readonly scope: Turning;
  #iteration: MeasuredIteration = { warmUp: true, dueMs: 0, isOver: true };
  #refused: unknown;
  #softError: Error | undefined;
  /** Takes what `expect` and `test.step` come to in this user's scenario. */
  readonly life: ScenarioLife;
  readonly #endIteration: (() => void) | undefined;
  readonly #pauses: UserPauses;
  readonly #onUnderWay = (): void => this.#pauses.look();
  /** Makes what its life before and after its iterations sends with. */
  readonly outside: () => StreamingRequestContext;
  /** Opens WebSockets for the user's life. */
  readonly connectForLife: Connect;
  /** Closes those that are still open; resolves when they are. */
  readonly closeSockets: () => Promise<void>;
  readonly #inStep: InStep | undefined;

  constructor(parts: UserParts) {
    const { number, recorder, clock, signal, makeContexts, callSites, pauseRules, measuredCalls } = parts;
    this.#inStep = parts.inStep;
    this.#pauses = new UserPauses(pauseRules, number, () => (this.#iteration.underWay ?? 0) > 0);
    const pauses = this.#pauses;
    const isUncounted = () => this.#iteration.warmUp || recorder.stopped;
    const onRefused = (error: unknown) => {
      if (!recorder.stopped) this.#refused ??= error;
    };
    const { request, newContext, outside, sockets, endIteration } = makeContexts({
      onRefused,
      isAtWork: () => this.#iteration.isOver !== true && !recorder.stopped,
      callSite: () => callSites.take(),
      isForgotten: (tag) => iterationOf(tag)?.isOver === true,
      onPreparing: (site) => this.#preparing(site as CallSite | undefined),
      onCall: (calledAtMs, site) => {
        if (recorder.stopped) {
          recorder.cameTooLate('a request');
          return tooLate;
        }
        const iteration = this.#iteration;
        try {
          recorder.requestStarted(iteration, calledAtMs);
        } catch (error) {
          recorder.bookFailed(error);
        }
        return site === undefined ? iteration : new SeenCall(iteration, site as CallSite);
      },
      onRequest: (sample) => {
        const { tag } = sample;
        if (tag === tooLate) return;
        try {
          recorder.requestEnded(sample, tag instanceof SeenCall ? tag.end() : (tag as MeasuredIteration));
        } catch (error) {
          recorder.bookFailed(error); // a socket's callback is no place to throw
        }
      },
      onStream: (sample) => streamBegun(sample, recorder),
    });
    this.#endIteration = endIteration;
    this.outside = outside;
    this.connectForLife = sockets?.connectForLife ?? noSockets;
    this.closeSockets = async () => sockets?.close();
    const connect = sockets?.connect ?? noSockets;
    const atWorkMs = () => clock.now() - pauses.spentMs;
    const beginPart = (name: string) => partOf(name, { recorder, atWorkMs, warmUp: this.#iteration.warmUp });
    this.life = { beginPart, failSoftly: (message) => this.#failSoftly(message, recorder) };
    this.scope = {
      request,
      newContext: async (options) => telling(onRefused, async () => newContext(options)),
      connect: async (url, options) => this.#connected(onRefused, async () => connect(url, options), url),
      user: number,
      iteration: 0,
      turn: 0,
      data: undefined,
      state: undefined,
      userData: undefined,
      signal,
      check: (name, passed) => {
        this.#refuse(verdictProblem('check', name, passed));
        if (recorder.stopped) recorder.cameTooLate('a check');
        recorder.check(name, passed, isUncounted());
        return passed;
      },
      group: async (name, part) => this.#grouped(name, part),
      pause: async (duration) => {
        const iteration = this.#iteration;
        const ms = await this.#notRefused(async () => pauses.rest(duration, iteration.warmUp));
        if (iteration.firstCallAtMs === undefined) iteration.dueMs += ms;
      },
      measure: async (name, part, options) => this.#measured(measuredCalls, { name, part, options }),
      metrics: metricsOf(recorder, { clock, isUncounted, refuse: (problem) => this.#refuse(problem) }),
    };
  }

  /** Turns to the next iteration; requests still under way keep the one they were called in. */
  begin(iteration: MeasuredIteration, { number, turn, row }: Turn): void {
    this.#iteration = iteration;
    iteration.onUnderWay = this.#onUnderWay;
    this.#pauses.begin();
    this.#refused = undefined;
    this.#softError = undefined;
    this.scope.iteration = number;
    this.scope.turn = turn;
    this.scope.data = row;
  }

  /** What its life has given it, for all of its iterations. */
  live(state: unknown, userData: unknown): void {
    this.scope.state = state;
    this.scope.userData = userData;
  }

  /** The iteration is over. */
  end(): void {
    this.#endIteration?.();
  }

  #preparing(site: CallSite | undefined): () => void {
    const iteration = this.#iteration;
    const call = site === undefined ? undefined : new SeenCall(iteration, site);
    const release = holdOpen(iteration);
    return () => {
      call?.end();
      release();
    };
  }

  /** What this iteration was refused, which counts even if its scenario caught it. */
  get refused(): unknown {
    return this.#refused;
  }

  /** What this iteration has failed in and gone on after. */
  get softError(): Error | undefined {
    return this.#softError;
  }

  /** A handshake that failed is a failed request; what was refused counts also where the scenario catches it. */
  async #connected(onRefused: OnRefused, connect: () => Promise<LoadSocket>, url: unknown): Promise<LoadSocket> {
    try {
      return await (this.#inStep === undefined ? connect() : this.#inStep(`connect ${show(url)}`, connect));
    } catch (error) {
      if (error instanceof OptionsError) onRefused(error);
      throw error;
    }
  }

  /** What the call was refused counts, also where its scenario catches it. */
  async #notRefused<Value>(call: () => Promise<Value>): Promise<Value> {
    try {
      return await call();
    } catch (error) {
      this.#refused ??= error;
      throw error;
    }
  }

  /** Also by what an iteration has left behind, which is no failure of the next. */
  #failSoftly(message: string, recorder: Recorder): void {
    const { isOver, warmUp } = this.#iteration;
    if (isOver !== true) this.#softError ??= softError(message);
    else if (recorder.stopped) recorder.cameTooLate('a failed `expect.soft`');
    else if (!warmUp) recorder.failedLate(softError(message));
  }

  async #grouped<Result>(name: string, part: () => Promise<Result>): Promise<Result> {
    this.#refuse(partProblem(name, part));
    const end = this.life.beginPart(name);
    let outcome: 'ok' | 'failed' = 'failed';
    try {
      const result = await (this.#inStep === undefined ? part() : this.#inStep(name, part));
      outcome = 'ok';
      return result;
    } finally {
      end(outcome);
    }
  }

  #measured<Result>(calls: MeasuredCalls, { name, part, options }: MeasureAsked<Result>): Promise<Result> {
    const problem = measureProblem({ name, part, options });
    if (problem !== undefined) return Promise.reject(this.#refusal(problem));
    const run = (): Promise<Result> =>
      calls.run({
        name,
        part,
        tags: options?.tags ?? undefined,
        iteration: this.#iteration,
        problemOf: (returned) => {
          const wrong = returnedProblem(name, returned);
          return wrong === undefined ? undefined : this.#refusal(wrong);
        },
      });
    return this.#inStep === undefined ? run() : this.#inStep(name, run);
  }

  #refuse(problem: string | undefined): void {
    if (problem !== undefined) throw this.#refusal(problem);
  }

  #refusal(problem: string): OptionsError {
    const refused = new OptionsError([problem]);
    this.#refused = refused;
    return refused;
  }
}

/** What only our own transport has is refused in words. */
const noSockets: Connect = async () => {
  throw new OptionsError([
    "`connect` is not known to Playwright's own transport: WebSockets need the one that loads have without `transport`",
  ]);
};

interface PartTimes {
  readonly recorder: Recorder;
  /** Time without pauses. */
  readonly atWorkMs: () => number;
  readonly warmUp: boolean;
}

/** Begins to time a group; the returned function files it. */
function partOf(name: string, { recorder, atWorkMs, warmUp }: PartTimes): EndPart {
  const fromMs = atWorkMs();
  const group = recorder.groupStarted(name, warmUp);
  return (outcome) => recorder.groupEnded(group, atWorkMs() - fromMs, outcome);
}

interface MetricsParts {
  readonly clock: Clock;
  readonly isUncounted: () => boolean;
  readonly refuse: (problem: string | undefined) => void;
}

function metricsOf({ data: { metrics } }: Recorder, { clock, isUncounted, refuse }: MetricsParts): ScenarioMetrics {
  return {
    counter: (name, by = 1) => {
      refuse(numberProblem('metrics.counter', name, by));
      if (!isUncounted()) metrics.count(name, by);
    },
    gauge: (name, value) => {
      refuse(numberProblem('metrics.gauge', name, value));
      if (!isUncounted()) metrics.gauge(name, value, clock.epochMs());
    },
    rate: (name, passed) => {
      refuse(verdictProblem('metrics.rate', name, passed));
      if (!isUncounted()) metrics.rate(name, passed);
    },
    trend: (name, value) => {
      refuse(numberProblem('metrics.trend', name, value));
      if (!isUncounted()) metrics.trend(name, value);
    },
  };
}
