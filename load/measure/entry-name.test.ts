import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { CustomMetrics } from './custom-metric.ts';
import { entryName, EntryNames, longestName, mostNames } from './entry-name.ts';
import { keptMessage } from './exemplar.ts';
import { OptionsError } from '../options-error.ts';
import { plainLine } from './plain-line.ts';
import { Recorder } from './recorder.ts';

const names = [
  { name: 'ok\n::error::owned', kept: 'ok : :error::owned' },
  { name: '::stop-commands::x', kept: ': :stop-commands::x' },
  { name: 'a ##[error]b ##vso[task.complete]', kept: 'a # #[error]b # #vso[task.complete]' },
  { name: 'a\u001b[2J\u001b]0;x\u0007b\u2028c', kept: 'ab c' },
  { name: 'exe\u202Efdp', kept: 'exe�fdp' },
  { name: 'GET /a?token=SECRET', kept: 'GET /a?token=***' },
  { name: '\u001b[2J \n', kept: '(unnamed)' },
  { name: '', kept: '(unnamed)' },
  { name: 'std::vector', kept: 'std::vector' },
  { name: 'a'.repeat(300), kept: `${'a'.repeat(199)}…` },
  { name: 'a'.repeat(200), kept: 'a'.repeat(200) },
  { name: `${'a'.repeat(198)} bcd`, kept: `${'a'.repeat(198)}…` },
  { name: `${' '.repeat(799)}b`, kept: 'b' },
  { name: `${' '.repeat(800)}not looked at`, kept: '(unnamed)' },
];
for (const { name, kept } of names)
  test(`${JSON.stringify(name.slice(0, 60))}, of ${name.length} characters, is kept as ${JSON.stringify(kept.slice(0, 60))}`, () => {
    expect(entryName(name)).toBe(kept);
    expect(entryName(kept)).toBe(kept);
  });

const hostile = fc
  .array(
    fc.constantFrom(
      '::',
      'error',
      '##[',
      '##vso[',
      '\n',
      '\r',
      '\u001b[31m',
      '\u0085',
      '\u2028',
      ' ',
      'a',
      ':',
      '#',
      '\u009b2K',
      '\u202e',
      '\t',
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

test('property: no text becomes a second line, a control sequence or a command of the log', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const line of [plainLine(text), entryName(text), keptMessage(text)]) {
        const bad = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]|(?:^|\s)::|##\w*\[/;
        // One `expect` is a step with a stack: thousands of them take minutes.
        if (bad.test(line) || plainLine(line) !== line) throw new Error(JSON.stringify(line));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('checks, groups, metrics, endpoints and errors are kept under plain names', () => {
  const plan = { index: 0, profile: '10/s', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' } as const;
  const recorder = new Recorder({ plan });
  const bad = 'x\n::error::owned';
  const plain = 'x : :error::owned';
  recorder.check(bad, true, false);
  recorder.check(bad, false, false);
  recorder.groupEnded(recorder.groupStarted(bad, false), 5, 'ok');
  recorder.data.metrics.count(bad, 2);
  recorder.data.metrics.count(bad, 3);
  const iteration = { warmUp: false, dueMs: 0 };
  recorder.iterationStarted(iteration, 0);
  recorder.iterationEnded(iteration, { failure: new Error(`${bad} password=SECRET`), ofRequest: false });
  expect([...recorder.data.checks]).toEqual([[plain, { passed: 1, failed: 1 }]]);
  expect([...recorder.data.groups.keys()]).toEqual([plain]);
  expect(recorder.data.metrics.entries()).toEqual([[plain, { kind: 'counter', total: 5 }]]);
  expect(recorder.data.metrics.get(bad)).toEqual({ kind: 'counter', total: 5 });
  expect([...recorder.data.errors.values()].map(({ sample }) => sample)).toEqual(['Error: x']);
});

test('names beyond the bound are counted together', () => {
  const metrics = new CustomMetrics();
  for (let n = 0; n < mostNames + 10; n++) metrics.count(`metric ${n}`, 1);
  expect(metrics.entries()).toHaveLength(mostNames + 1);
  expect(metrics.get('(other counters)')).toEqual({ kind: 'counter', total: 10 });
  expect(entryName('x'.repeat(10_000))).toHaveLength(longestName);
});

test('a name that is known stays so when there is room for no other, however it is written', () => {
  const names = new EntryNames();
  for (let n = 0; n < mostNames; n++) names.of(`name ${n}`, 'others');
  expect(['name 0', ' name 0\n', 'name 500', 'name 499'].map((name) => names.of(name, 'others'))).toEqual([
    ...['name 0', 'name 0', 'others', 'name 499'],
  ]);
});

test('what an option was given stays on the line of its problem', () => {
  expect(new OptionsError(['`a` must be b, got "x\n::error::owned"']).message).toBe(
    '`a` must be b, got "x : :error::owned"',
  );
});
