/** Whatever text comes from outside is data in TypeScript: it comes back as it was, and ends nothing. */
import { runInNewContext } from 'node:vm';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import ts from 'typescript';
import { test } from '../../testing/plain-test.ts';
import { camelCase, commentText, environmentName, keyCode, literal, Names, textCode } from './source-text.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('`', '${', '}', '*/', '/*', '//', "'", '"', '\\', '\n', '\r', '\u2028', '\u202e', '\ud800', 'x'),
    )
    .map((parts) => parts.join('')),
);

test('a literal is one line whose value is the text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const code = literal(text);
      expect(code).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
      expect(runInNewContext(code)).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('a template has its texts as they were, and its expressions in between', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (before, value, after) => {
      const code = textCode([before, { code: 'value' }, after]);
      expect(runInNewContext(code, { value })).toBe(`${before}${value}${after}`);
    }),
    { numRuns: 500 },
  );
});

test('a key is the key, and a comment is one line of it', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.constant('__proto__')), (text) => {
      const made = runInNewContext(`Object.keys({ ${keyCode(text)}: 1 })`) as string[];
      expect([...made]).toEqual([text]);
      const source = ts.createSourceFile('a.ts', `/** ${commentText(text)} */\nconst a = 1;`, ts.ScriptTarget.Latest);
      expect(source.statements).toHaveLength(1);
    }),
  );
});

test('names are those of variables, each given once', () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 20 }), (words) => {
      const names = new Names();
      const given = words.map((each) => names.give(each));
      expect(new Set(given).size).toBe(given.length);
      for (const name of given)
        expect(() => void runInNewContext(`(async () => { const ${name} = 1; })`)).not.toThrow();
    }),
  );
  expect(new Names().give('delete')).toBe('delete2');
});

const cases = [
  { words: 'accessToken', camel: 'accessToken', environment: 'ACCESS_TOKEN' },
  { words: 'X-Api-Key', camel: 'xApiKey', environment: 'X_API_KEY' },
  { words: '2fa', camel: '2fa', environment: 'SECRET_2FA' },
  { words: '…', camel: '', environment: 'SECRET' },
];
for (const { words, camel, environment } of cases) {
  test(`\`${words}\` is ${camel} and ${environment}`, () => {
    expect([camelCase(words), environmentName(words)]).toEqual([camel, environment]);
  });
}
