import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { encodeFindings, type Finding, findingsAttachment } from '../../load/measure/finding.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { sampleFinding } from '../../testing/sample-finding.ts';
import { collectedRun, samplePiece, sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { collectedFindings } from './collected-finding.ts';

const body = (findings: readonly Finding[]) => Buffer.from(encodeFindings(findings));
const attached = (text: Buffer) => ({ name: findingsAttachment, contentType: 'application/json', body: text });
const pieceOf = (test_: ReturnType<typeof sampleTest>, index: number) =>
  samplePiece(recordRun({ plan: { index, name: `n${index}` } }), { test: test_ });

test('a finding is told of its test, and rests on runs as they are reported', () => {
  const [asking, other] = [
    sampleTest({ titles: ['where', 'it breaks'], tags: ['@slow'] }),
    sampleTest({ titles: ['b'] }),
  ];
  const runs = [
    collectedRun([pieceOf(other, 0)]),
    collectedRun([pieceOf(asking, 1)]),
    collectedRun([pieceOf(asking, 0)]),
  ];
  const result = sampleResult({ attachments: [attached(body([sampleFinding({ runs: [0, 1, 9] })]))] });
  const [found, ...more] = collectedFindings({ test: asking, result, runs, rootDir: '/repo' });
  expect(more).toEqual([]);
  expect(found?.test).toBe(asking);
  expect(found?.summary).toMatchObject({
    kind: 'breaking-point',
    title: ['a.spec.ts', 'where', 'it breaks'],
    file: 'specs/a.spec.ts',
    line: 7,
    project: 'load',
    tags: ['@slow'],
    runs: [2, 1], // the tenth was never attached
  });
  expect(found?.summary).not.toHaveProperty('expectedToFail');
});

test('of a repetition the title says so, and its runs are its own', () => {
  const [first, second] = [sampleTest(), sampleTest({ repeat: 1 })];
  const runs = [collectedRun([pieceOf(first, 0)]), collectedRun([pieceOf(second, 0)])];
  const result = sampleResult({ attachments: [attached(body([sampleFinding({ runs: [0] })]))] });
  const told = [first, second].flatMap((each) => collectedFindings({ test: each, result, runs, rootDir: '/repo' }));
  expect(told.map(({ summary: { title, runs: at } }) => [title.at(-1), at])).toEqual([
    ['health', [0]],
    ['repetition 2', [1]],
  ]);
});

const meant = [
  { expected: 'failed', status: 'failed', marked: true },
  { expected: 'failed', status: 'passed', marked: false },
  { expected: 'passed', status: 'failed', marked: false },
] as const;
for (const { expected, status, marked } of meant) {
  test(`of a test that is to be ${expected} and ${status} it ${marked ? 'is' : 'is not'} expected to fail`, () => {
    const result = sampleResult({ status, attachments: [attached(body([sampleFinding()]))] });
    const [found] = collectedFindings({ test: sampleTest({ expected }), result, runs: [], rootDir: '/repo' });
    expect(found?.summary.expectedToFail).toBe(marked ? true : undefined);
  });
}

test('several attachments are read in their order, from a file too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playload-'));
  try {
    const path = join(folder, 'findings.json');
    await writeFile(path, body([sampleFinding({ name: 'b' })]));
    const attachments = [
      attached(body([sampleFinding({ name: 'a' })])),
      { name: findingsAttachment, contentType: 'application/json', path },
      { name: 'other', contentType: 'application/json', body: Buffer.from('{') },
    ];
    const found = collectedFindings({
      test: sampleTest(),
      result: sampleResult({ attachments }),
      runs: [],
      rootDir: '/repo',
    });
    expect(found.map(({ summary }) => summary.name)).toEqual(['a', 'b']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const unreadable = [
  { what: 'no JSON', text: '{', says: /JSON/ },
  { what: 'nothing', text: 'null', says: /findings of schema `undefined` cannot be read/ },
  {
    what: 'another schema',
    text: '{"schema":"playload.findings/9","findings":[]}',
    says: /`playload.findings\/9` cannot be read/,
  },
  { what: 'no list', text: '{"schema":"playload.findings/1"}', says: /cannot be read/ },
];
for (const { what, text, says } of unreadable) {
  test(`an attachment that holds ${what} is not skipped`, () => {
    const result = sampleResult({ attachments: [attached(Buffer.from(text))] });
    expect(() => collectedFindings({ test: sampleTest(), result, runs: [], rootDir: '/repo' })).toThrow(says);
  });
}
