/**
 * An `expect` of Playwright's that costs next to nothing in a scenario, and is as it was elsewhere. So are those that are
 * made of it by `extend`, `configure` and `soft`.
 */
import type { expect as playwrightExpect } from '@playwright/test';
import { currentScenario } from '../run/scenario-zone.ts';
import { Assertion, type Matchers } from './assertion.ts';

type Expect = typeof playwrightExpect;
/** How it is called outside of scenarios. */
type CallOutside = (target: Expect, actual: unknown, message: never) => unknown;

/** `outside` is told of the `expect` that was called, its value and its message. */
export function quickInScenarios<Given extends Expect>(playwrights: Given, outside: CallOutside): Given {
  const quick = (made: Expect): Expect => quickInScenarios(made, outside);
  let soft: Expect | undefined;
  return new Proxy(playwrights, {
    apply: (target, _this, [actual, message]: [unknown, never]): unknown =>
      currentScenario() === undefined
        ? outside(target, actual, message)
        : new Assertion(actual, () => target(actual, message) as unknown as Matchers & { readonly not: Matchers }),
    get: (target, name, receiver): unknown => {
      switch (name) {
        case 'extend':
          return (matchers: Parameters<Expect['extend']>[0]) => quick(target.extend(matchers));
        case 'configure':
          return (settings: Parameters<Expect['configure']>[0]) => quick(target.configure(settings));
        case 'soft':
          return (soft ??= quick(target.soft));
        default:
          return Reflect.get(target, name, receiver);
      }
    },
  });
}
