import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { feeder, type CsvOptions } from './feeder.ts';

interface Read {
  readonly what: string;
  readonly file: string | Buffer;
  readonly options?: CsvOptions;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const ab = [{ a: '1', b: '2' }];

const read: readonly Read[] = [
  { what: 'commas', file: 'a,b\n1,2\n', rows: ab },
  { what: 'semicolons', file: 'a;b\n1;2\n', rows: ab },
  { what: 'semicolons and decimal commas', file: 'a;b\n1,5;2,5\n', rows: [{ a: '1,5', b: '2,5' }] },
  { what: 'tabs', file: 'a\tb\n1\t2\n', rows: ab },
  { what: 'bars', file: 'a|b\n1|2\n', rows: ab },
  { what: 'another delimiter in a quoted name', file: '"a;x",b\n1,2\n', rows: [{ 'a;x': '1', b: '2' }] },
  {
    what: 'a name over two lines, and another delimiter in it',
    file: '"a;\nx",b\n1,2\n',
    rows: [{ 'a;\nx': '1', b: '2' }],
  },
  { what: 'one column, and other delimiters in its values', file: 'a\n1;2\t3|4\n', rows: [{ a: '1;2\t3|4' }] },
  {
    what: 'a delimiter that was said',
    file: 'a,x;b\n1;2\n',
    options: { delimiter: ';' },
    rows: [{ 'a,x': '1', b: '2' }],
  },
  { what: 'a delimiter that nobody would guess', file: 'a^b\n1^2\n', options: { delimiter: '^' }, rows: ab },
  { what: "a spreadsheet's word for its delimiter", file: 'sep=;\r\na;b\r\n1;2\r\n', rows: ab },
  { what: 'CRLF', file: 'a,b\r\n1,2\r\n', rows: ab },
  { what: 'CR', file: 'a,b\r1,2\r', rows: ab },
  { what: 'line ends of every kind', file: 'a\r\n1\n2\r3', rows: [{ a: '1' }, { a: '2' }, { a: '3' }] },
  { what: 'no line end after the last row', file: 'a,b\n1,2', rows: ab },
  { what: 'empty lines', file: '\n\r\na,b\n\n1,2\n\n\n', rows: ab },
  { what: 'an empty value of one column', file: 'a\n""\n', rows: [{ a: '' }] },
  {
    what: 'empty values',
    file: 'a,b\n,\n1,\n',
    rows: [
      { a: '', b: '' },
      { a: '1', b: '' },
    ],
  },
  { what: 'blanks at the edge of a value', file: 'a,b\n pass ,\tword\t\n', rows: [{ a: ' pass ', b: '\tword\t' }] },
  {
    what: 'blanks that are no data',
    file: 'a, b\n 1 , "2, 3" \n',
    options: { trim: true },
    rows: [{ a: '1', b: '2, 3' }],
  },
  { what: 'blanks around names', file: 'a , b\n1,2\n', rows: ab },
  { what: 'quotes, and quotes in them', file: '"a",b\n"say ""2""",2\n', rows: [{ a: 'say "2"', b: '2' }] },
  { what: 'line ends in quotes', file: 'a,b\r\n"1\r\n2\n3\r4",2\r\n', rows: [{ a: '1\r\n2\n3\r4', b: '2' }] },
  { what: 'a delimiter behind every row that holds nothing', file: 'a,b,\n1,2,\n', rows: ab },
  {
    what: 'names of an object',
    file: 'constructor,toString\n1,2\n',
    rows: [{ constructor: '1', toString: '2' }],
  },
  { what: 'UTF-8', file: 'a,b\n1,Zoë 🜁\n', rows: [{ a: '1', b: 'Zoë 🜁' }] },
  { what: 'UTF-8 with a mark', file: '\ufeffa,b\n1,2\n', rows: ab },
  { what: 'a mark before a quote', file: '\ufeff"a",b\n1,2\n', rows: ab },
  { what: 'a replacement character that is data', file: 'a\n\ufffd\n', rows: [{ a: '\ufffd' }] },
  { what: 'UTF-16LE with a mark', file: utf16le('\ufeffa,b\n1,Zoë\n'), rows: [{ a: '1', b: 'Zoë' }] },
  { what: 'UTF-16BE with a mark', file: utf16be('\ufeffa,b\n1,Zoë\n'), rows: [{ a: '1', b: 'Zoë' }] },
  { what: 'UTF-16LE that was said', file: utf16le('a,b\n1,2\n'), options: { encoding: 'utf-16le' }, rows: ab },
  { what: 'a mark, whatever was said', file: '\ufeffa\nZoë\n', options: { encoding: 'latin1' }, rows: [{ a: 'Zoë' }] },
  { what: 'Latin-1', file: Buffer.from('a\nZoë\n', 'latin1'), options: { encoding: 'latin1' }, rows: [{ a: 'Zoë' }] },
  {
    what: 'Windows-1252',
    file: Buffer.from('a\n\x80\n', 'latin1'),
    options: { encoding: 'windows-1252' },
    rows: [{ a: '€' }],
  },
];
for (const { what, file, options, rows } of read)
  test(`a CSV file of ${what} is read`, () => expect(rowsOf(file, options)).toEqual(rows));

const refused: readonly { what: string; file: string | Buffer; options?: object; says: string }[] = [
  { what: 'nothing', file: '', says: 'it is empty' },
  { what: 'empty lines', file: '\r\n\n', says: 'it is empty' },
  { what: 'names alone', file: '\ufeffa,b\r\n', says: 'it holds names of columns, and no row' },
  {
    what: 'two possible delimiters',
    file: 'a,b;c\n1,2;3\n',
    says: 'its columns are named by a line with both `,` and `;` in it: say which of them is the `delimiter`',
  },
  {
    what: 'a column that is named twice',
    file: 'a,b, a\n1,2,3\n',
    says: 'line 1 gives the name `a` to columns 1 and 3',
  },
  { what: 'a column without a name', file: '\na,,b\n1,2,3\n', says: 'line 2 gives no name to column 2' },
  {
    what: 'a last column without a name and with a value',
    file: 'a,b,\n1,2,\n3,4,5\n',
    says: 'line 3 has a value in column 3, to which line 1 gives no name',
  },
  {
    what: 'the name of a prototype',
    file: '__proto__,a\n1,2\n',
    says: 'line 1 gives column 1 the name `__proto__`, which no property of a row can have',
  },
  { what: 'a row too short', file: 'a,b\n1,2\n\n1\n', says: 'line 4 has 1 field, but line 1 names 2 columns' },
  { what: 'a row too long', file: 'a,b\r\n1,2,3\r\n', says: 'line 2 has 3 fields, but line 1 names 2 columns' },
  {
    what: 'a row too long by a delimiter at its end',
    file: 'a,b\n1,2,\n',
    says: 'line 2 has 3 fields, but line 1 names 2 columns',
  },
  {
    what: 'a row too short behind quoted line ends',
    file: 'a,b\r\n"x\r\ny\n\rz",2\r\n\r\n1\r\n',
    says: 'line 7 has 1 field, but line 1 names 2 columns',
  },
  {
    what: 'blanks alone where there are columns',
    file: 'a,b\n  \n1,2\n',
    says: 'line 2 has 1 field, but line 1 names 2 columns',
  },
  {
    what: 'a quote left open',
    file: 'a,b\n1,2\n3,"4\n5,6\n',
    says: 'line 3 begins a row with a quote that is never closed',
  },
  {
    what: 'a quote within a value',
    file: 'a,b\n1,5" pipe\n',
    says: 'line 2 has a quote within a field that does not begin with one',
  },
  { what: 'text behind a quote', file: 'a,b\n1,"2"3\n', says: 'line 2 has text behind the closing quote of a field' },
  {
    what: 'NUL',
    file: 'a,b\r\n1,\0\r\n',
    says: 'line 2 holds a NUL character; text in UTF-16 is read with `encoding: "utf-16le"` or `"utf-16be"`',
  },
  {
    what: 'UTF-16 without a mark',
    file: utf16le('a\n1\n'),
    says: 'line 1 holds a NUL character; text in UTF-16 is read with `encoding: "utf-16le"` or `"utf-16be"`',
  },
  {
    what: 'Latin-1',
    file: Buffer.from('a,b\r\n1,2\r\n3,Zoë\r\n', 'latin1'),
    says: 'line 3 is no UTF-8; say its `encoding`, such as `"latin1"` or `"windows-1252"`',
  },
  {
    what: 'half a character of UTF-16',
    file: Buffer.concat([utf16le('\ufeffa\n'), Buffer.from([0x31])]),
    says: 'it is no utf-16le',
  },
  {
    what: 'an encoding that nobody knows',
    file: 'a\n1\n',
    options: { encoding: 'klingon' },
    says: '`encoding` must be a name such as `latin1` or `utf-16le`, got "klingon"',
  },
  {
    what: 'a delimiter of two characters',
    file: 'a\n1\n',
    options: { delimiter: '||' },
    says: '`delimiter` must be one character, and neither a quote nor a line end, got "||"',
  },
  {
    what: 'a quote for a delimiter',
    file: 'a\n1\n',
    options: { delimiter: '"' },
    says: '`delimiter` must be one character, and neither a quote nor a line end, got """',
  },
  {
    what: 'a word for `trim`',
    file: 'a\n1\n',
    options: { trim: 'yes' },
    says: '`trim` must be `true` or `false`, got "yes"',
  },
  {
    what: 'an option that nobody knows',
    file: 'a\n1\n',
    options: { delimeter: ';' },
    says: '`delimeter` is no option of `feeder.csv`; known are order, seed, delimiter, encoding, trim',
  },
];
for (const { what, file, options, says } of refused)
  test(`a CSV file of ${what} is refused${options === undefined ? '' : `, given ${JSON.stringify(options)}`}`, () => {
    expect(() => rowsOf(file, options)).toThrow(expect.objectContaining({ name: 'OptionsError' }));
    expect(() => rowsOf(file, options)).toThrow(says);
  });

test('property: what is quoted by RFC 4180 is read as it was, with any delimiter and line end', () => {
  const cell = fc.array(fc.constantFrom('a', ' ', '"', ',', ';', '\t', '|', '\n', '\r', 'ß', '🜁', "'"), {
    maxLength: 6,
  });
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      (cells, delimiter, end) => {
        const rows = cells.map(([a, b]) => ({ a: a.join(''), b: b.join('') }));
        const lines = [`a${delimiter}b`, ...rows.map(({ a, b }) => `${quoted(a)}${delimiter}${quoted(b)}`)];
        // One `expect` is a step with a stack: hundreds of them take seconds.
        const got = JSON.stringify(rowsOf(lines.join(end)));
        if (got !== JSON.stringify(rows)) throw new Error(got);
      },
    ),
    { numRuns: 100 },
  );
});

test('a file of a hundred thousand rows is read, and a short row at its end named', () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `user${at},pass${at}`);
  const file = ['name,password', ...lines].join('\n');
  expect(rowsOf(file)).toHaveLength(100_000);
  expect(() => rowsOf(`${file}\nlast`)).toThrow('line 100002 has 1 field, but line 1 names 2 columns');
});

test('a value of a megabyte is one value', () => {
  expect(rowsOf(`a\n${'x'.repeat(1_000_000)}\n`)).toEqual([{ a: 'x'.repeat(1_000_000) }]);
});

function rowsOf(file: string | Buffer, options?: object): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'csv-'));
  try {
    const path = join(folder, 'data.csv');
    writeFileSync(path, file);
    const made = feeder.csv(path, options);
    const next = made.rows();
    return Array.from({ length: made.size }, () => next());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
