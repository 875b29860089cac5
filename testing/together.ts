/**
 * For specs of an inner Playwright, which import it by name: a load from several cores that is over in a moment. The machine
 * begins them apart now and then, by more than such a load takes, and then they were never together, which makes a run
 * incomplete. So no iteration sends anything until all cores have begun, and the first one on each for a while longer: whichever
 * was held up, all were under way at one time for nearly as long as it.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export const togetherPath = import.meta.filename;

/** So long that what the cores do after it, some a little longer than others, is a small part of it. */
const togetherMs = 2_000;
/** A core that has no part of the load never begins. */
const patienceMs = 30_000;

export interface TogetherParts {
  /** Of this run of Playwright alone. */
  readonly folder: string;
  /** Of the folder's loads, this one: the same words on each core. */
  readonly what: string;
  readonly cores: number;
}

type Scenario = (context: never) => unknown;

/** The scenario, whose iterations wait for the other cores before all else; its text is the same. */
export function together<S extends Scenario>(scenario: S, { folder, what, cores }: TogetherParts): S {
  const markOf = (core: number) => join(folder, `together-${Buffer.from(what).toString('hex').slice(-150)}-${core}`);
  let begun: Promise<void> | undefined;
  const untilAllHaveBegun = async (): Promise<void> => {
    writeFileSync(markOf(Number(process.env['LOAD_CORE'] ?? 1)), '');
    const marks = Array.from({ length: cores }, (_, at) => markOf(at + 1));
    const endMs = performance.now() + patienceMs;
    while (!marks.every((mark) => existsSync(mark)) && performance.now() < endMs) await setTimeout(20);
  };
  return new Proxy(scenario, {
    apply: async (target, self, [context]: [never]) => {
      const isFirst = begun === undefined;
      await (begun ??= untilAllHaveBegun());
      if (isFirst) await setTimeout(togetherMs); // the others do their work meanwhile
      return Reflect.apply(target, self, [context]);
    },
    get: (target, name) => (name === 'toString' ? () => target.toString() : Reflect.get(target, name)),
  });
}
