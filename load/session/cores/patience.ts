/**
 * How long each core of a load is waited for. What a core has come to begins its time anew: on a busy machine a start takes
 * many times as long as on an idle one, and only who comes no further is to be given up.
 */
import type { Clock } from '../../run/clock.ts';

export interface PatienceParts {
  readonly clock: Pick<Clock, 'now' | 'at'>;
  /** Told of all whose time is over at that moment. */
  readonly onOver: (cores: readonly number[]) => void;
}

export class Patience {
  readonly #parts: PatienceParts;
  /** When the time of each is over. */
  readonly #endsAtMs = new Map<number, number>();
  #cancel = (): void => undefined;

  constructor(parts: PatienceParts) {
    this.#parts = parts;
  }

  /** Waits for a core for so long from now, whatever was said before. */
  giveFor(core: number, ms: number): void {
    this.#endsAtMs.set(core, this.#parts.clock.now() + ms);
    this.#wait();
  }

  /** Whoever is waited for, nobody is any more. */
  end(): void {
    this.#endsAtMs.clear();
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    if (this.#endsAtMs.size === 0) return;
    this.#cancel = this.#parts.clock.at(Math.min(...this.#endsAtMs.values()), () => this.#look());
  }

  #look(): void {
    const nowMs = this.#parts.clock.now();
    const over = [...this.#endsAtMs].flatMap(([core, endsAtMs]) => (endsAtMs <= nowMs ? [core] : []));
    for (const core of over) this.#endsAtMs.delete(core);
    this.#wait();
    this.#parts.onOver(over);
  }
}
