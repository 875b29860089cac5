/**
 * A fake engine without its server: a simulation that follows a clock, restarts, changes scenario, and takes rollouts as
 * a real deployer would, by restarting with other flags.
 */
import type { Engine } from '../domain/engines/engine.ts';
import { boundsOf } from './bounds.ts';
import { Meter } from './meter.ts';
import { pageOf } from './page.ts';
import { seeded } from './random.ts';
import { scenarios, type Scenario, type ScenarioName } from './scenarios.ts';
import { Simulation, tickS, type Guest, type Levels, type Wish } from './simulation.ts';
import { blend, defaultFlags, tuningOf, type Flags } from './tuning.ts';

interface FakeEngineParts {
  readonly engine: Engine;
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly model: string;
  /** Simulated seconds for each second of the clock. */
  readonly speed: number;
  /** Simulated seconds that have passed before the first page, so that trouble is there from the start. */
  readonly warmUpS: number;
  /** How long the engine is away when a rollout restarts it, in milliseconds of the clock. */
  readonly restartMs?: number;
  readonly nowMs: () => number;
}

/** At most this much time is caught up when nobody has asked for a long while; the rest did not happen. */
const longestCatchUpS = 3_600;

export class FakeEngine {
  readonly #parts: FakeEngineParts;
  #scenarioName: ScenarioName;
  /** Flags before the rollout, after it, and which percentage of the fleet has the latter. */
  #before: Flags;
  #after: Flags;
  #stage = 0;
  #followedMs: number;
  #startedMs: number;
  #starts = 0;
  #meter: Meter;
  #simulation: Simulation;

  constructor(parts: FakeEngineParts) {
    this.#parts = parts;
    this.#scenarioName = parts.scenario;
    this.#before = this.#ownFlags();
    this.#after = this.#before;
    this.#followedMs = parts.nowMs();
    this.#startedMs = this.#followedMs - parts.warmUpS * 1_000;
    [this.#meter, this.#simulation] = this.#fresh();
    this.#simulation.advance(parts.warmUpS);
  }

  /** The page as of now; `engine` shows the same state as another engine would. */
  page(engine: Engine = this.#parts.engine): string {
    this.#follow();
    return pageOf(engine, {
      levels: this.#simulation.levels(),
      meter: this.#meter,
      model: this.#parts.model,
      speculates: this.#scenario().speculation !== undefined,
      processStartedS: this.#startedMs / 1_000,
    });
  }

  /** The flags that the engine runs with where the rollout has reached it. */
  get flags(): Flags {
    return this.#after;
  }

  get scenario(): ScenarioName {
    return this.#scenarioName;
  }

  /** Percentage of the fleet that has the changed flags. */
  get stage(): number {
    return this.#stage;
  }

  /** It is between two processes. */
  get isAway(): boolean {
    return this.#parts.nowMs() < this.#startedMs;
  }

  levels(): Levels {
    this.#follow();
    return this.#simulation.levels();
  }

  /** Milliseconds of the clock in each step of the simulation. */
  get tickMs(): number {
    return (tickS * 1_000) / this.#parts.speed;
  }

  /** Milliseconds of the clock until that, from when guests were last looked at. */
  get nextTickMs(): number {
    return (this.#simulation.restS * 1_000) / this.#parts.speed;
  }

  /** A request from outside takes its turn among the simulated ones; undefined when the engine takes no more. */
  enter(wish: Wish): Guest | undefined {
    this.#follow();
    return this.#simulation.enter(wish);
  }

  /** Milliseconds of the clock between two tokens, as full as the batch is now; what guests have is up to date after it. */
  gapMs(): number {
    this.#follow();
    return (this.#simulation.gapS() * 1_000) / this.#parts.speed;
  }

  /** Whoever asked has gone away. */
  leave(guest: Guest): void {
    this.#follow();
    this.#simulation.leave(guest);
  }

  /** Tokens that an answer of this scenario has by itself. */
  get usualTokens(): number {
    return this.#scenario().generationTokens;
  }

  /** Other users, and the flags that the scenario brings, from a new process on. */
  change(scenario: ScenarioName): void {
    this.#follow();
    this.#scenarioName = scenario;
    this.#before = this.#ownFlags();
    this.#after = this.#before;
    this.#stage = 0;
    this.restart();
  }

  /** Carries a stage out. Engines read flags at start only, so this is a restart: counters begin at 0. */
  roll({ changes, stage }: { readonly changes: Flags; readonly stage: number }): void {
    this.#follow();
    if (this.#stage === 100) this.#before = this.#after; // the rollout before this one is how things are now
    this.#after = { ...this.#before, ...changes };
    this.#stage = stage;
    this.restart(this.#parts.restartMs);
  }

  /** Gives the whole fleet the flags that `changes` names, which are those from before. */
  rollBack(changes: Flags): void {
    this.#follow();
    this.#before = { ...(this.#stage === 100 ? this.#after : this.#before), ...changes };
    this.#after = this.#before;
    this.#stage = 0;
    this.restart(this.#parts.restartMs);
  }

  /** The next process begins after `awayMs`; until then nothing happens here, and nobody should be answered. */
  restart(awayMs = 0): void {
    this.#followedMs += awayMs;
    this.#startedMs = this.#followedMs;
    this.#simulation.close();
    [this.#meter, this.#simulation] = this.#fresh();
  }

  #follow(): void {
    const nowMs = this.#parts.nowMs();
    let leftS = Math.min(longestCatchUpS, Math.max(0, (nowMs - this.#followedMs) / 1_000) * this.#parts.speed);
    const { restartEveryS = Infinity } = this.#scenario();
    for (; leftS > 0;) {
      const ageS = ((this.#followedMs - this.#startedMs) / 1_000) * this.#parts.speed;
      const stepS = Math.min(leftS, Math.max(0, restartEveryS - ageS));
      this.#simulation.advance(stepS);
      this.#followedMs += (stepS / this.#parts.speed) * 1_000;
      leftS -= stepS;
      if (ageS + stepS >= restartEveryS) this.restart();
    }
    this.#followedMs = Math.max(nowMs, this.#followedMs);
  }

  #fresh(): [Meter, Simulation] {
    const { engine, seed } = this.#parts;
    const meter = new Meter(boundsOf[engine]);
    const random = seeded(seed + this.#starts);
    this.#starts += 1;
    const manner =
      engine === 'tgi'
        ? ({ itlPer: 'request', promptAt: 'arrival' } as const)
        : ({ itlPer: 'token', promptAt: 'end' } as const);
    const parts = { scenario: this.#scenario(), tuning: this.#tuning(), meter, random, ...manner };
    return [meter, new Simulation(parts)];
  }

  #tuning() {
    const tuning = (flags: Flags) => tuningOf(this.#parts.engine, flags, this.#scenario().prefillFactor);
    return blend(tuning(this.#before), tuning(this.#after), this.#stage / 100);
  }

  #scenario(): Scenario {
    return scenarios[this.#scenarioName];
  }

  #ownFlags(): Flags {
    const { engine } = this.#parts;
    return { ...defaultFlags[engine], ...this.#scenario().flags[engine] };
  }
}
