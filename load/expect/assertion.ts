/**
 * What `expect` gives a scenario: where a matcher holds at a glance that is all there is to it; for the rest, and for the
 * words of a failure, it asks Playwright's own, which is made only then. Playwright makes some 350 functions for each
 * `expect`, and looks at the stack for each matcher.
 */
import { type Decide, decided, decidedAlone } from './decided.ts';

/** Playwright's matchers for a value, by name. */
export type Matchers = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Hands out Playwright's own matchers for the value at hand. */
export type AskPlaywright = () => Matchers & { readonly not: Matchers };

export class Assertion {
  readonly #actual: unknown;
  readonly #ask: AskPlaywright;
  readonly #isNot: boolean;

  constructor(actual: unknown, ask: AskPlaywright, isNot = false) {
    this.#actual = actual;
    this.#ask = ask;
    this.#isNot = isNot;
  }

  get not(): Assertion | undefined {
    return this.#isNot ? undefined : new Assertion(this.#actual, this.#ask, true);
  }

  /** A response that is known to be as it should be; Playwright's own says it later as well. */
  toBeOK(...args: readonly unknown[]): unknown {
    return args.length === 0 && isResponse(this.#actual) && this.#actual.ok() !== this.#isNot
      ? Promise.resolve()
      : Assertion.asked(this)['toBeOK']?.(...args);
  }

  /** Playwright's own matchers, with the same sign. */
  static asked(assertion: Assertion): Matchers {
    const matchers = assertion.#ask();
    return assertion.#isNot ? matchers.not : matchers;
  }

  /** Whether the assertion holds, beyond doubt. */
  static holds(assertion: Assertion, decide: Decide, expected: unknown): boolean {
    return decide(assertion.#actual, expected) === !assertion.#isNot;
  }
}

for (const [decides, count] of [
  [decidedAlone, 0],
  [decided, 1],
] as const)
  for (const [name, decide] of Object.entries(decides))
    Object.defineProperty(Assertion.prototype, name, {
      value(this: Assertion, ...args: readonly unknown[]): unknown {
        if (args.length === count && Assertion.holds(this, decide, args[0])) return undefined;
        return Assertion.asked(this)[name]?.(...args);
      },
    });

// Whatever is not decided here is Playwright's: matchers of locators and pages, of promises, and the user's own.
Object.setPrototypeOf(
  Assertion.prototype,
  new Proxy(Object.prototype, {
    get: (_target, name, assertion: Assertion) => Reflect.get(Assertion.asked(assertion), name) as unknown,
  }),
);

function isResponse(value: unknown): value is { readonly ok: () => boolean } {
  return typeof value === 'object' && value !== null && '_apiName' in value && value._apiName === 'APIResponse';
}
