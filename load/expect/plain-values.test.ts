import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { type Relation, surely } from './plain-values.ts';

/** What Playwright's own `expect` says. */
function passes(assert: () => unknown): boolean {
  try {
    assert();
    return true;
  } catch {
    return false;
  }
}

const leaf = fc.oneof(
  fc.string({ maxLength: 2 }),
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(Number.NaN, -0, null, undefined, true, 10n),
  fc.constantFrom<unknown>(new Date(0), new Map([[1, 2]]), Symbol.iterator, Math.max, new URL('http://a/'), /a/),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__', 'length'), tie('value'), { maxKeys: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
}));
/** Pairs that are often alike. */
const pair = fc.oneof(
  fc.tuple(value, value),
  value.map((one): [unknown, unknown] => [one, one]),
  fc.clone<unknown, 2>(value, 2),
);

test('what is surely the same is so to `toEqual` and to `toStrictEqual`', () => {
  fc.assert(
    fc.property(pair, ([actual, expected]) => {
      if (!surely('same', actual, expected)) return;
      expect(passes(() => expect(actual).toEqual(expected))).toBe(true);
      expect(passes(() => expect(actual).toStrictEqual(expected))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('what is surely included is so to `toMatchObject`', () => {
  fc.assert(
    fc.property(pair, ([actual, expected]) => {
      if (typeof expected !== 'object' || expected === null || !surely('included', actual, expected)) return;
      expect(passes(() => expect(actual).toMatchObject(expected as Record<string, unknown>))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('JSON is surely the same as its copy', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const text = JSON.stringify(json);
      fc.pre(!text.includes('"constructor"'));
      expect(surely('same', JSON.parse(text), JSON.parse(text))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

function circle(): object {
  const made: Record<string, unknown> = {};
  return Object.assign(made, { left: made, right: made });
}

class Order {
  id = 1;
}

const cases: readonly (readonly [words: string, Relation, actual: unknown, expected: unknown, surely: boolean])[] = [
  ['a key more', 'same', { a: 1, b: 2 }, { a: 1 }, false],
  ['a key more', 'included', { a: 1, b: 2 }, { a: 1 }, true],
  ['a key less', 'included', { a: 1 }, { a: 1, b: 2 }, false],
  ['an undefined key', 'same', { a: undefined }, {}, false],
  ['a longer list', 'included', [1, 2], [1], false],
  ['objects in a list', 'included', [{ id: 1, name: 'a' }], [{ id: 1 }], true],
  ['a list for an object', 'included', [1], { 0: 1 }, false],
  ['a hole', 'same', new Array(1), [undefined], false],
  ['a key in a list', 'same', Object.assign([1], { a: 1 }), [1], false],
  ['of a class', 'same', new Order(), { id: 1 }, false],
  ['two addresses', 'same', new URL('http://a/'), new URL('http://b/'), false],
  ['the same function', 'same', { f: Math.max }, { f: Math.max }, false],
  ['0 and -0', 'same', [0], [-0], false],
  ['a symbol', 'same', { [Symbol.iterator]: 1 }, {}, false],
  ['a constructor of its own', 'same', { constructor: 1 }, { constructor: 1 }, false],
  ['circles', 'same', circle(), circle(), false],
  ['any number', 'same', { id: 7, at: [1] }, { id: expect.any(Number), at: expect.arrayContaining([1]) }, true],
  ['two that match anything', 'same', [expect.any(Number)], [expect.anything()], false],
  ['any number', 'included', { id: '7' }, { id: expect.any(Number) }, false],
];
for (const [words, relation, actual, expected, answer] of cases)
  test(`${words}: ${answer ? 'surely' : 'not surely'} ${relation}`, () => {
    expect(surely(relation, actual, expected)).toBe(answer);
  });
