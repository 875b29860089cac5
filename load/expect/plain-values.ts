/**
 * Whether two values of the kind that JSON has are the same beyond doubt. Anything else, and anything that differs, is
 * left to Playwright's own comparison: what is said to be the same here is so by every rule of equality there.
 */

/** `same`: as `toEqual` and `toStrictEqual` see it; `included`: the second lies in the first, as `toMatchObject` sees it. */
export type Relation = 'same' | 'included';

/** Values that are looked at, and how deep, before Playwright is asked: a value in a circle has no end. */
const mostValues = 10_000;
const deepest = 100;

/** True beyond doubt, or false: then they may be the same all the same. */
export function surely(relation: Relation, actual: unknown, expected: unknown): boolean {
  return new Comparison(relation).holds(actual, expected);
}

class Comparison {
  readonly #relation: Relation;
  #left = mostValues;

  constructor(relation: Relation) {
    this.#relation = relation;
  }

  holds(actual: unknown, expected: unknown, depth = 0): boolean {
    this.#left -= 1;
    if (this.#left < 0 || depth > deepest) return false;
    if (typeof expected !== 'object' || expected === null)
      return Object.is(actual, expected) && typeof expected !== 'function';
    if (isAsymmetric(expected)) return !isAsymmetric(actual) && expected.asymmetricMatch(actual) === true;
    if (typeof actual !== 'object' || actual === null) return false;
    if (Array.isArray(expected)) return Array.isArray(actual) && this.#listHolds(actual, expected, depth);
    return isPlain(actual) && isPlain(expected) && this.#objectHolds(actual, expected, depth);
  }

  #listHolds(actual: readonly unknown[], expected: readonly unknown[], depth: number): boolean {
    if (!isPlainList(actual) || !isPlainList(expected) || actual.length !== expected.length) return false;
    return expected.every((value, at) => this.holds(actual[at], value, depth + 1));
  }

  #objectHolds(actual: Plain, expected: Plain, depth: number): boolean {
    const keys = Object.keys(expected);
    if (this.#relation === 'same' && Object.keys(actual).length !== keys.length) return false;
    return keys.every(
      (key) => key !== 'constructor' && Object.hasOwn(actual, key) && this.holds(actual[key], expected[key], depth + 1),
    );
  }
}

type Plain = Readonly<Record<string, unknown>>;

/** Of no class, and without symbols, by which it could be more than its keys. */
function isPlain(value: object): value is Plain {
  return Object.getPrototypeOf(value) === Object.prototype && Object.getOwnPropertySymbols(value).length === 0;
}

/** Without holes and without keys of its own. */
function isPlainList(list: readonly unknown[]): boolean {
  return (
    Object.getPrototypeOf(list) === Array.prototype &&
    Object.keys(list).length === list.length &&
    Object.getOwnPropertySymbols(list).length === 0
  );
}

/** `expect.any(String)` and its like say themselves what they match, but not each other. */
function isAsymmetric(value: unknown): value is { asymmetricMatch: (actual: unknown) => unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}
