import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import { feeder } from './feeder.ts';

const letters = ['a', 'b', 'c'];
const take = <Row>(next: () => Row | undefined, count: number) => Array.from({ length: count }, () => next());

test('in order it begins again at the end', () => {
  expect(take(feeder(letters).rows(), 5)).toEqual(['a', 'b', 'c', 'a', 'b']);
});

test('unique gives each row once, then nothing', () => {
  expect(take(feeder(letters, { order: 'unique' }).rows(), 5)).toEqual(['a', 'b', 'c', undefined, undefined]);
});

test('segments share unique rows out between them, each once', () => {
  const unique = feeder(
    Array.from({ length: 10 }, (_, at) => at),
    { order: 'unique' },
  );
  const given = [0, 1, 2].map((index) => take(unique.rows({ index, of: 3 }), 5).filter((row) => row !== undefined));
  expect(given).toEqual([
    [0, 3, 6, 9],
    [1, 4, 7],
    [2, 5, 8],
  ]);
});

test('random draws every row, the same again for a seed, others in another segment', () => {
  const random = feeder(letters, { order: 'random', seed: 5 });
  const drawn = take(random.rows(), 300);
  expect(new Set(drawn)).toEqual(new Set(letters));
  expect(take(random.rows(), 300)).toEqual(drawn);
  expect(take(random.rows({ index: 1, of: 2 }), 300)).not.toEqual(drawn);
});

const files = [
  {
    name: 'users.csv',
    text: '\ufeffname, age\nAda,36\n\n"Grace ""G"" H",40\n',
    rows: [
      { name: 'Ada', age: '36' },
      { name: 'Grace "G" H', age: '40' },
    ],
  },
  { name: 'users.json', text: '[{ "name": "Ada" }]', rows: [{ name: 'Ada' }] },
  { name: 'marked.json', text: '\ufeff[{ "name": "Zoë" }]', rows: [{ name: 'Zoë' }] },
  { name: 'utf-16.json', text: Buffer.from('\ufeff[{ "name": "Zoë" }]', 'utf16le'), rows: [{ name: 'Zoë' }] },
];
for (const { name, text, rows } of files) {
  test(`${name} is read`, () => {
    inFile(name, text, (path) => {
      const read = name.endsWith('.csv') ? feeder.csv(path) : feeder.json(path);
      expect(take(read.rows(), read.size)).toEqual(rows);
    });
  });
}

const unusable = [
  { name: 'none.csv', text: undefined, says: /^feeder file `\/.*none\.csv` cannot be used: there is no such file$/ },
  { name: 'odd.csv', text: 'a,b\n1\n', says: /cannot be used: line 2 has 1 field, but line 1 names 2 columns$/ },
  { name: 'empty.json', text: '[]', says: '`feeder` needs at least one row' },
  {
    name: 'latin1.json',
    text: Buffer.from('[\n"Zoë"]', 'latin1'),
    says: /cannot be used: line 2 is no UTF-8; JSON is \(RFC 8259, 8\.1\)$/,
  },
  { name: 'object.json', text: '{}', says: /cannot be used: it must hold an array/ },
  { name: 'broken.json', text: '[1,', says: /cannot be used: / },
];
for (const { name, text, says } of unusable) {
  test(`${name} is refused`, () => {
    inFile(name, text, (path) => {
      const read = () => (name.endsWith('.csv') ? feeder.csv(path) : feeder.json(path));
      expect(read).toThrow(expect.objectContaining({ name: 'OptionsError' }));
      expect(read).toThrow(says);
    });
  });
}

test('all that is wrong with a feeder is said at once', () => {
  expect(() => feeder([], { order: 'backwards' as 'random', seed: 0.5 })).toThrow(
    expect.objectContaining({
      problems: [
        '`feeder` needs at least one row',
        '`order` must be `in-order`, `random` or `unique`, got "backwards"',
        '`seed` must be a whole number, got 0.5',
      ],
    }),
  );
});

for (const given of ['abc', { 0: 1 }, new Map(), null]) {
  test(`a feeder of ${show(given)} is refused`, () => {
    expect(() => feeder(given as never)).toThrow(`\`feeder\` takes a list of rows, got ${show(given)}`);
  });
}

const paths = [
  { path: '../measure/summary.schema.json', found: 'load/measure/summary.schema.json', why: 'it must hold an array' },
  { path: resolve('package.json'), found: 'package.json', why: 'it must hold an array' },
  { path: pathToFileURL('package.json'), found: 'package.json', why: 'it must hold an array' },
  { path: pathToFileURL('package.json').href, found: 'package.json', why: 'it must hold an array' },
  {
    path: 'package.json', // there is one in the working directory
    found: 'load/run/package.json',
    why: `there is no such file; a relative path begins at the file that calls, and \`${resolve('package.json')}\` is elsewhere`,
  },
  {
    path: './none.json',
    found: 'load/run/none.json',
    why: 'there is no such file; a relative path begins at the file that calls',
  },
];
for (const { path, found, why } of paths)
  test(`${path instanceof URL ? 'the URL ' : ''}${String(path).replace(process.cwd(), '…')} is sought at ${found}`, () => {
    const read = () => feeder.json(path);
    expect(read).toThrow(new OptionsError([`feeder file \`${resolve(found)}\` cannot be used: ${why}`]));
  });

const noPaths = [
  {
    path: 'https://h/users.csv',
    says: '`feeder` reads files, which have a path or a `file:` URL, got "https://h/users.csv"',
  },
  {
    path: new URL('https://h/users.csv'),
    says: '`feeder` reads files, which have a path or a `file:` URL, got "https://h/users.csv"',
  },
  { path: ' ', says: '`feeder` needs the path of a file, got " "' },
  { path: undefined as unknown as string, says: '`feeder` needs the path of a file, got undefined' },
];
for (const { path, says } of noPaths)
  test(`${path instanceof URL ? 'the URL ' : ''}"${String(path)}" is no path of a file`, () => {
    expect(() => feeder.csv(path)).toThrow(new OptionsError([says]));
  });

test('an option of CSV is none of JSON', () => {
  expect(() => feeder.json('a.json', { encoding: 'latin1' } as object)).toThrow(
    new OptionsError(['`encoding` is no option of `feeder.json`; known are order, seed']),
  );
});

function inFile(name: string, text: string | Buffer | undefined, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-'));
  try {
    if (text !== undefined) writeFileSync(join(folder, name), text);
    use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
