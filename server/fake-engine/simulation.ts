/**
 * An inference engine in small: requests arrive, wait, have their prompt read, produce tokens and leave; a full cache
 * throws the youngest out to be computed again. It knows no clock: whoever holds it moves time on. The same seed and
 * the same steps give the same numbers.
 */
import type { Meter } from './meter.ts';
import { around, poisson, type Random } from './random.ts';
import type { Scenario } from './scenarios.ts';
import type { Tuning } from './tuning.ts';

/** A request from outside, which takes its turn among the simulated ones. */
export interface Guest {
  /** Tokens that it has so far. */
  readonly generated: number;
  /** Absent while it waits or runs; `lost` when the process that served it ended. */
  readonly over?: 'done' | 'failed' | 'lost';
}

interface Request extends Guest {
  readonly isGuest: boolean;
  readonly arrivedS: number;
  readonly promptTokens: number;
  readonly goalTokens: number;
  /** Tokens still to be read before the next one can be produced. */
  prefillLeft: number;
  generated: number;
  /** Known once `generated` is above 0. */
  firstTokenS: number;
  /** Tokens produced in part: a tick rarely ends with one. */
  partial: number;
  /** When it was first let in, and what of its prompt was known by then. */
  admittedS: number;
  knownTokens: number;
  admittedBefore: boolean;
  over?: 'done' | 'failed' | 'lost';
}

/** What a guest asks for. */
export interface Wish {
  readonly promptTokens: number;
  readonly goalTokens: number;
}

export interface Levels {
  readonly running: number;
  readonly waiting: number;
  readonly kvTokens: number;
  readonly kvUsedTokens: number;
  /** With what the running requests may still produce, as far as this engine sets it aside. */
  readonly kvReservedTokens: number;
}

/** Fine enough that a token takes about a step, coarse enough that an hour takes a tenth of a second. */
export const tickS = 0.05;
/** How long a simulated client waits for its first token before it goes away; a guest says so itself. */
const patienceS = 60;

interface SimulationParts {
  readonly scenario: Scenario;
  readonly tuning: Tuning;
  readonly meter: Meter;
  readonly random: Random;
  /** Whether the gaps between tokens are noted one by one, or as one mean for each request. */
  readonly itlPer: 'token' | 'request';
  /** Whether the length of a prompt is noted when it comes or when its request is over. */
  readonly promptAt: 'arrival' | 'end';
}

export class Simulation {
  readonly #parts: SimulationParts;
  readonly #tuning: Tuning;
  #nowS = 0;
  #owedS = 0;
  #waiting: Request[] = [];
  #running: Request[] = [];

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.#tuning = parts.tuning;
  }

  /** Lets time pass, in whole ticks; what is left over is added to the next call. */
  advance(seconds: number): void {
    this.#owedS += seconds;
    while (this.#owedS >= tickS) {
      this.#owedS -= tickS;
      this.#tick();
    }
  }

  /** Undefined when the engine takes no more. */
  enter(wish: Wish): Guest | undefined {
    return this.#refuses() ? undefined : this.#queue(wish, { arrivedS: this.#nowS + this.#owedS, isGuest: true });
  }

  /** Whoever asked has gone away. */
  leave(guest: Guest): void {
    const isOther = (one: Guest) => one !== guest;
    if (this.#waiting.every(isOther) && this.#running.every(isOther)) return;
    this.#waiting = this.#waiting.filter(isOther);
    this.#running = this.#running.filter(isOther);
    this.#parts.meter.count('aborted');
  }

  /** The process ends, and with it what it was at. */
  close(): void {
    for (const request of [...this.#waiting, ...this.#running]) request.over = 'lost';
    this.#waiting = [];
    this.#running = [];
  }

  /** Seconds until the next tick. */
  get restS(): number {
    return Math.max(0, tickS - this.#owedS);
  }

  /** Seconds between two tokens of a request, as full as the batch is now. */
  gapS(): number {
    const { itlS, itlPerRunningS } = this.#parts.scenario;
    return itlS + itlPerRunningS * this.#running.length;
  }

  levels(): Levels {
    const { kvTokens } = this.#tuning;
    return {
      running: this.#running.length,
      waiting: this.#waiting.length,
      kvTokens,
      kvUsedTokens: Math.min(kvTokens, this.#usedTokens()),
      kvReservedTokens: Math.min(kvTokens, this.#committedTokens()),
    };
  }

  #tick(): void {
    this.#nowS += tickS;
    this.#arrive();
    this.#giveUp();
    this.#admit();
    const promptTokens = this.#prefill();
    const tokens = this.#decode();
    if (promptTokens + tokens > 0) this.#parts.meter.observe('step_tokens', promptTokens + tokens);
    this.#preempt();
    this.#finish();
  }

  #arrive(): void {
    const { scenario, random } = this.#parts;
    for (let left = poisson(random, scenario.arrivalsPerS * tickS); left > 0; left -= 1) {
      if (this.#refuses()) continue;
      const promptTokens = around(random, scenario.promptTokens);
      const arrivedS = this.#nowS - random() * tickS;
      this.#queue(
        { promptTokens, goalTokens: around(random, scenario.generationTokens) },
        { arrivedS, isGuest: false },
      );
    }
  }

  /** Counts the refusal. */
  #refuses(): boolean {
    const isFull = this.#waiting.length + this.#running.length >= this.#tuning.maxConcurrent;
    if (isFull) {
      this.#parts.meter.count('failed');
      this.#parts.meter.count('overloaded');
    }
    return isFull;
  }

  #queue({ promptTokens, goalTokens }: Wish, from: Pick<Request, 'arrivedS' | 'isGuest'>): Request {
    const request: Request = {
      ...from,
      promptTokens,
      goalTokens,
      prefillLeft: promptTokens,
      generated: 0,
      firstTokenS: 0,
      partial: 0,
      admittedS: 0,
      knownTokens: 0,
      admittedBefore: false,
    };
    this.#waiting.push(request);
    if (this.#parts.promptAt === 'arrival') this.#parts.meter.observe('prompt_length', promptTokens);
    return request;
  }

  #giveUp(): void {
    const patient = this.#waiting.filter(
      (one) => one.isGuest || one.generated > 0 || this.#nowS - one.arrivedS < patienceS,
    );
    this.#parts.meter.count('aborted', this.#waiting.length - patient.length);
    this.#waiting = patient;
  }

  #admit(): void {
    const { meter, scenario } = this.#parts;
    const { kvTokens, maxRunning } = this.#tuning;
    let committed = this.#committedTokens();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      committed += held(next) + this.#coming(next);
      if (this.#running.length >= maxRunning || (committed > kvTokens && this.#running.length > 0)) return;
      this.#waiting.shift();
      this.#running.push(next);
      if (!next.admittedBefore) {
        const known = Math.floor(next.promptTokens * scenario.prefixShare);
        meter.observe('queue_s', this.#nowS - next.arrivedS);
        meter.count('prefix_queries', next.promptTokens);
        meter.count('prefix_hits', known);
        next.prefillLeft -= known;
        next.knownTokens = known;
        next.admittedS = this.#nowS;
      }
      next.admittedBefore = true;
    }
  }

  /** How many tokens the prompts have that it came to the end of. */
  #prefill(): number {
    const { meter } = this.#parts;
    let ended = 0;
    let budget = this.#tuning.prefillTokensPerS * tickS;
    for (const request of this.#running) {
      if (request.prefillLeft <= 0) continue;
      if (budget <= 0) break;
      const read = Math.min(budget, request.prefillLeft, this.#readable(request));
      request.prefillLeft -= read;
      budget -= read;
      meter.count('prompt_tokens_computed', read);
      if (request.prefillLeft > 0 || request.generated > 0) continue;
      request.generated = 1;
      request.firstTokenS = this.#nowS;
      meter.observe('ttft_s', this.#nowS - request.arrivedS);
      meter.count('prompt_tokens', request.promptTokens);
      meter.count('generation_tokens');
      ended += request.promptTokens + 1;
    }
    if (budget < this.#tuning.prefillTokensPerS * tickS) meter.count('prefill_steps');
    return ended;
  }

  /** Tokens of its prompt that a guest who came within this tick can have had read; simulated ones came at its beginning. */
  #readable({ isGuest, arrivedS }: Request): number {
    return isGuest ? this.#tuning.prefillTokensPerS * (this.#nowS - arrivedS) : Infinity;
  }

  /** How many tokens came of it. */
  #decode(): number {
    const { meter, random, itlPer } = this.#parts;
    const gapS = this.gapS();
    let all = 0;
    for (const request of this.#running) {
      if (request.prefillLeft > 0) continue;
      request.partial += tickS / gapS;
      const tokens = Math.min(Math.floor(request.partial), request.goalTokens - request.generated);
      request.partial -= Math.floor(request.partial);
      if (tokens <= 0) continue;
      request.generated += tokens;
      all += tokens;
      meter.count('generation_tokens', tokens);
      if (itlPer === 'token') meter.observe('itl_s', gapS * (0.9 + 0.2 * random()), tokens);
    }
    if (all > 0) meter.count('decode_steps');
    this.#speculate(all);
    return all;
  }

  /** Each step proposes `drafted` tokens more than the one it makes anyway, and some of them are right. */
  #speculate(tokens: number): void {
    const { meter, scenario } = this.#parts;
    if (scenario.speculation === undefined) return;
    const { drafted, acceptance } = scenario.speculation;
    const proposed = (tokens * drafted) / (1 + drafted * acceptance);
    meter.count('spec_drafted', proposed);
    meter.count('spec_accepted', proposed * acceptance);
  }

  /** The youngest goes back to the head of the queue and loses what was computed for it. */
  #preempt(): void {
    for (let used = this.#usedTokens(); used > this.#tuning.kvTokens && this.#running.length > 1;) {
      const youngest = this.#running.pop();
      if (youngest === undefined) return;
      used -= held(youngest);
      youngest.prefillLeft = held(youngest);
      youngest.partial = 0;
      this.#waiting.unshift(youngest);
      this.#parts.meter.count('preemptions');
    }
  }

  #finish(): void {
    const { meter, random, scenario, itlPer, promptAt } = this.#parts;
    const over = this.#running.filter((one) => one.generated >= one.goalTokens);
    if (over.length === 0) return;
    this.#running = this.#running.filter((one) => one.generated < one.goalTokens);
    for (const request of over) {
      if (random() < scenario.errorShare) {
        request.over = 'failed';
        meter.count('failed');
        continue;
      }
      request.over = 'done';
      meter.count('done');
      meter.observe('e2e_s', this.#nowS - request.arrivedS);
      if (itlPer === 'request') meter.observe('itl_s', (this.#nowS - request.firstTokenS) / request.generated);
      meter.observe('prefill_s', request.firstTokenS - request.admittedS);
      meter.observe('decode_s', this.#nowS - request.firstTokenS);
      meter.observe('inference_s', this.#nowS - request.admittedS);
      meter.count('prefix_hits_ended', request.knownTokens);
      if (promptAt === 'end') meter.observe('prompt_length', request.promptTokens);
      meter.observe('generation_length', request.generated);
    }
  }

  /** What a request may still produce, as far as this engine sets it aside. */
  #coming(request: Request): number {
    const longest = this.#parts.scenario.generationTokens * 1.5;
    return this.#tuning.reserve * Math.max(0, longest - request.generated);
  }

  #committedTokens(): number {
    return this.#running.reduce((sum, one) => sum + held(one) + this.#coming(one), 0);
  }

  #usedTokens(): number {
    return this.#running.reduce((sum, one) => sum + held(one), 0);
  }
}

/** Tokens of cache that a request occupies. */
function held({ promptTokens, generated }: Request): number {
  return promptTokens + generated;
}
