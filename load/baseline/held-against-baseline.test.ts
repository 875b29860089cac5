import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { type BaselineKey, encodeBaseline } from '../measure/baseline.ts';
import type { Finding } from '../measure/finding.ts';
import type { RunData } from '../measure/run-data.ts';
import { holdAgainstBaseline } from './held-against-baseline.ts';
import { recordLoad } from './record-load.ts';
import { baselinePath } from './recorded-baseline.ts';

const load: BaselineKey = { project: 'load', file: 'a.spec.ts', title: ['a'], profile: '100 iterations by 20 users' };

/** 100 requests that take so long each. */
function taking(ms: number, parts: SampleParts = {}): RunData {
  return recordRun({ requests: Array.from({ length: 100 }, (_, n) => ({ path: '/', ms, atMs: n * 100 })), ...parts });
}

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-held-'));
  const recorded = recordLoad(undefined, { load, data: taking(50), commit: undefined });
  const path = baselinePath(folder, load);
  await mkdir(dirname(path));
  await writeFile(path, recorded.kind === 'recorded' ? encodeBaseline(recorded.baseline) : '');
});
test.afterEach(async () => rm(folder, { recursive: true }));

async function held(data: RunData, again: (() => Promise<RunData>) | string = 'nobody asks'): Promise<Finding[]> {
  const told: Finding[] = [];
  await holdAgainstBaseline({ configDir: folder, load, data, again, tell: (finding) => told.push(finding) });
  return told;
}

const second = (ms: number, parts: SampleParts = {}) => taking(ms, { plan: { index: 1, unjudged: true }, ...parts });

test('what is alike is measured once', async () => {
  expect(await held(taking(50))).toMatchObject([{ verdict: 'passed', runs: [0] }]);
});

test('what is slower is measured twice', async () => {
  expect(await held(taking(500), async () => second(500))).toMatchObject([{ verdict: 'failed', runs: [0, 1] }]);
  expect(await held(taking(500), async () => second(50))).toMatchObject([{ verdict: 'passed', runs: [0, 1] }]);
});

const servers = [
  { called: 'https://a.test', verdict: 'failed', says: 'measured again' },
  {
    called: 'https://b.test',
    verdict: 'inconclusive',
    says: 'not confirmed: its baseline was measured at https://a.test, and this run at https://b.test',
  },
];
for (const { called, verdict, says } of servers) {
  test(`what was recorded at https://a.test and is slower at ${called} is ${verdict}`, async () => {
    const at = (origin: string) => ({ segment: { target: { origins: [origin], ownServer: false } } });
    const recorded = recordLoad(undefined, { load, data: taking(50, at('https://a.test')), commit: undefined });
    await writeFile(baselinePath(folder, load), recorded.kind === 'recorded' ? encodeBaseline(recorded.baseline) : '');
    const [finding] = await held(taking(500, at(called)), async () => second(500, at(called)));
    expect(finding?.verdict).toBe(verdict);
    expect(finding?.sentence).toContain(says);
  });
}

const undecided = [
  {
    what: 'a first run that was cut short',
    data: taking(500, { segment: { stopped: 'interrupted' } }),
    says: 'the run is incomplete: ',
  },
  {
    what: 'one that was stopped',
    data: taking(500, { segment: { stopped: 'the feeder ran dry' } }),
    says: 'the run was stopped early: the feeder ran dry',
  },
  { what: 'one without requests', data: recordRun({ requests: [] }), says: 'no request came to an end' },
  {
    what: 'another machine',
    data: taking(500, { segment: { environment: 'X' } }),
    says: 'nothing was recorded in this environment (X)',
  },
];
for (const { what, data, says } of undecided) {
  test(`${what} is not compared: ${says}`, async () => {
    const [finding] = await held(data);
    expect(finding?.verdict).toBe('inconclusive');
    expect(finding?.sentence).toContain(`not compared: ${says}`);
  });
}

test('iterations that a slow server left under way are its own, and count', async () => {
  const stopped = 'iterations were still under way at the end of the graceful stop';
  const slow = taking(500, { segment: { stopped } });
  expect(await held(slow, async () => second(500))).toMatchObject([{ verdict: 'failed' }]);
});

test('a second run that is void confirms nothing', async () => {
  const [finding] = await held(taking(500), async () => second(500, { segment: { stopped: 'interrupted' } }));
  expect(finding).toMatchObject({ verdict: 'inconclusive', runs: [0, 1] });
  expect(finding?.sentence).toContain('not confirmed: measured again, the run is incomplete');
});

test('a second run that comes to no end is told, and its error is the test’s', async () => {
  const told: Finding[] = [];
  const again = async () => Promise.reject(new Error('core 2 of 2 was lost'));
  const tell = (finding: Finding) => told.push(finding);
  await expect(holdAgainstBaseline({ configDir: folder, load, data: taking(500), again, tell })).rejects.toThrow(
    'core 2 of 2 was lost',
  );
  expect(told).toMatchObject([{ verdict: 'inconclusive', runs: [0] }]);
  expect(told[0]?.sentence).toContain('not confirmed: measuring again came to no end');
});

test('a run is recorded once, and not at all where nothing was answered', () => {
  const first = recordLoad(undefined, { load, data: taking(50), commit: 'c' });
  const known = first.kind === 'recorded' ? first.baseline : undefined;
  expect(first).toMatchObject({ kind: 'recorded', kept: 1, told: { past: [], now: { commit: 'c' } } });
  expect(recordLoad(known, { load, data: taking(60), commit: 'c' })).toEqual({
    kind: 'refused',
    words: 'this run is in the baseline already',
  });
  const later = taking(60, { segment: { startedAtEpochMs: Date.UTC(2026, 0, 2) } });
  expect(recordLoad(known, { load, data: later, commit: 'd' })).toMatchObject({
    kept: 2,
    told: { comparison: { runs: 1 } },
  });
  const refused = recordRun({ requests: [{ path: '/', ms: 1, status: undefined }] });
  expect(recordLoad(undefined, { load, data: refused, commit: 'c' })).toEqual({
    kind: 'refused',
    words: 'no request was answered',
  });
});
