import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../../load/measure/payload.ts';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { attachedRuns, carriesRun } from './attached-run.ts';

const text = JSON.stringify(encodeRun(recordRun()));
const noSegment = JSON.stringify(
  encodeRun(emptyRunData({ index: 0, profile: 'x', model: 'open', warmUpMs: 0, whenSaturated: 'warn' })),
);

const cases = [
  { what: 'a run', body: text, read: [{ kind: 'run', requests: 100 }] },
  {
    what: 'a run that names no segment',
    body: noSegment,
    read: [{ kind: 'unreadable', reason: 'it names no segment' }],
  },
  {
    what: 'a run of another version',
    body: text.replace('playload.run/', 'playload.run/9'),
    read: [{ kind: 'unreadable', reason: expect.stringContaining('use one version of playload') as unknown }],
  },
  { what: 'no JSON', body: '{', read: [{ kind: 'unreadable', reason: expect.stringContaining('JSON') as unknown }] },
  { what: 'an attachment of another name', name: 'trace', body: text, read: [] },
];
for (const { what, name = payloadAttachment, body, read } of cases) {
  test(`${what} is read as ${JSON.stringify(read)}`, () => {
    const runs = attachedRuns([{ name, body: Buffer.from(body) }]);
    expect(
      runs.map((run) => (run.kind === 'run' ? { kind: run.kind, requests: run.open().rest.counts.ok } : run)),
    ).toEqual(read);
  });
}

test('a run is read from its file where a blob report put it, and a file that is lost is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playload-attached-'));
  try {
    const path = join(folder, 'run.json');
    await writeFile(path, text);
    const runs = attachedRuns(
      [path, join(folder, 'lost.json')].map((each) => ({ name: payloadAttachment, path: each })),
    );
    expect(runs.map((run) => (run.kind === 'run' ? run.open().rest.counts.ok : run.reason))).toEqual([
      100,
      expect.stringContaining('ENOENT'),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an attachment without body and path is said to be unreadable', () => {
  expect(attachedRuns([{ name: payloadAttachment }])).toEqual([
    { kind: 'unreadable', reason: "ENOENT: no such file or directory, open ''" },
  ]);
});

test('whether there is a run is known by its name, whatever is in it', () => {
  expect([[{ name: payloadAttachment }], [{ name: 'trace' }], []].map(carriesRun)).toEqual([true, false, false]);
});

test('a run that is damaged further on is known by its segments, and cannot be opened', () => {
  const damaged = { ...encodeRun(recordRun()), windows: 'AAAA' };
  const [run] = attachedRuns([{ name: payloadAttachment, body: Buffer.from(JSON.stringify(damaged)) }]);
  expect(run).toMatchObject({ kind: 'run', segments: [{ index: 0, of: 1 }] });
  expect(() => run?.kind === 'run' && run.open()).toThrow('unknown compression method');
});
