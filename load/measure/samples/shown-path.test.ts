import { expect } from '@playwright/test';
import fc from 'fast-check';
import { anyCharacter } from '../../../testing/any-character.ts';
import { test } from '../../../testing/plain-test.ts';
import { shownSegment } from './shown-path.ts';

const segments = [
  { segment: 'stra%C3%9Fe', shown: 'straße' },
  { segment: 'stra%c3%9fe', shown: 'straße' },
  { segment: '%E6%97%A5%E6%9C%AC', shown: '日本' },
  { segment: '%F0%9F%9B%92', shown: '🛒' },
  { segment: '%D7%A9%D7%9C%D7%95%D7%9D', shown: 'שלום' },
  { segment: '%7Euser%2Ename', shown: '~user.name' }, // what needs no escape
  { segment: 'a%2fb', shown: 'a%2Fb' },
  { segment: 'a%3Fb%23c%25d', shown: 'a%3Fb%23c%25d' },
  { segment: 'a%20b', shown: 'a%20b' },
  { segment: 'a%C2%A0b', shown: 'a%C2%A0b' }, // a blank that does not break
  { segment: '%00%1B%5B2J%0A%7F%C2%9B', shown: '%00%1B%5B2J%0A%7F%C2%9B' },
  { segment: '%E2%80%AEfdp.exe', shown: '%E2%80%AEfdp.exe' }, // from right to left
  { segment: 'a%E2%80%8Bb', shown: 'a%E2%80%8Bb' }, // no width
  { segment: '%EF%BB%BFa', shown: '%EF%BB%BFa' },
  { segment: '%E3%85%A4', shown: '%E3%85%A4' }, // a letter without a look
  { segment: '%EE%80%80', shown: '%EE%80%80' }, // private use
  { segment: 'a%EF%BC%9Fb', shown: 'a%EF%BC%9Fb' }, // a wide question mark
  { segment: 'a%E2%88%95b', shown: 'a%E2%88%95b' }, // a slash for division
  { segment: '%EF%BC%A1', shown: 'Ａ' },
  { segment: 'u%CC%88', shown: 'u%CC%88' }, // ü in two characters is another URL than in one
  { segment: '%C3%BC', shown: 'ü' },
  { segment: '%FF%C3%9F', shown: '%FFß' },
  { segment: '%C3', shown: '%C3' },
  { segment: '%C0%AF', shown: '%C0%AF' }, // overlong
  { segment: '%ED%A0%80', shown: '%ED%A0%80' }, // half a surrogate
  { segment: '%%41%C3%9F', shown: '%%41%C3%9F' }, // no escape: left alone
  { segment: '%4', shown: '%4' },
  { segment: '', shown: '' },
];
for (const { segment, shown } of segments)
  test(`${JSON.stringify(segment)} is shown as ${JSON.stringify(shown)}`, () =>
    expect(shownSegment(segment)).toBe(shown));

const unseen = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}/?#]/u;

test('property: what is shown is the same text in one way alone, and all of it can be seen', () => {
  const piece = fc.oneof(
    fc.string({ unit: anyCharacter, minLength: 1, maxLength: 2 }).map((text) => encodeURIComponent(text)),
    fc.constantFrom('a', '%', '%2', '%2F', '%3f', '%25', '%C3', '%E2%80', '%ff', '%41', '%cc%88'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const segment = pieces.join('');
      const shown = shownSegment(segment);
      const same = unescaped(shown).equals(unescaped(segment));
      if (!same || unseen.test(shown) || shownSegment(shown) !== shown)
        throw new Error(JSON.stringify({ segment, shown }));
    }),
    { numRuns: 2_000 },
  );
});

/** Its bytes, whether they are written as escapes or not. */
function unescaped(text: string): Buffer {
  return Buffer.concat(
    text
      .split(/(%[0-9a-f]{2})/i)
      .map((part) => (/^%[0-9a-f]{2}$/i.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );
}
