/** What the first spec loads, whose server that is, and how a change is shown. */
import { expect, test } from '@playwright/test';
import type { SeenConfig } from '../seen-config.ts';
import { isNear, targetOf } from './spec-text.ts';
import { unifiedDiff } from './unified-diff.ts';

const nothing: SeenConfig = { hasTestIgnore: false, isLoad: false, use: {}, webServers: [] };
const at = 'http://localhost:3000';
const targets: readonly { what: string; seen: Partial<SeenConfig>; target: object }[] = [
  { what: 'nothing', seen: {}, target: { kind: 'own' } },
  { what: 'an address', seen: { use: { baseURL: at } }, target: { kind: 'baseURL', address: at, path: '/' } },
  {
    what: 'an address with a path',
    seen: { use: { baseURL: `${at}/api/` } },
    target: { kind: 'baseURL', address: `${at}/api/`, path: './' },
  },
  {
    what: 'an address with a path that does not end with a slash',
    seen: { use: { baseURL: `${at}/api/v1` } },
    target: { kind: 'baseURL', address: `${at}/api/v1`, path: '/api/v1' },
  },
  {
    what: 'an address, and a server that is up at a path',
    seen: { use: { baseURL: at }, webServers: [{ url: `${at}/health?a=1` }] },
    target: { kind: 'baseURL', address: at, path: '/health?a=1' },
  },
  {
    what: 'an address, and a server elsewhere',
    seen: { use: { baseURL: at }, webServers: [{ url: 'http://localhost:4000/health' }] },
    target: { kind: 'baseURL', address: at, path: '/' },
  },
  {
    what: 'a server alone',
    seen: { webServers: [{ url: `${at}/health` }] },
    target: { kind: 'address', address: `${at}/health` },
  },
  { what: 'a port', seen: { webServers: [{ port: 3000 }] }, target: { kind: 'baseURL', address: at, path: '/' } },
  {
    what: 'an address whose port a server says in a run',
    seen: { use: { baseURL: 'http://127.0.0.1:undefined' }, webServers: [{ isHeard: true }] },
    target: { kind: 'baseURL', address: 'http://127.0.0.1:undefined', path: '/' },
  },
  { what: 'what is no address', seen: { use: { baseURL: 'shop' } }, target: { kind: 'own' } },
];
for (const { what, seen, target } of targets) {
  test(`${what}: the first spec loads ${JSON.stringify(target)}`, () => {
    expect(targetOf({ ...nothing, ...seen })).toEqual(target);
  });
}

const addresses = [
  { address: 'http://localhost:3000', near: true },
  { address: 'http://127.0.0.1', near: true },
  { address: 'http://[::1]:80', near: true },
  { address: 'http://192.168.1.4', near: true },
  { address: 'http://web:8080', near: true },
  { address: 'https://shop.test', near: true },
  { address: 'http://127.0.0.1:undefined', near: true },
  { address: 'https://example.com', near: false },
  { address: 'http://172.32.0.1', near: false },
  { address: 'http://10.example.com', near: false },
];
for (const { address, near } of addresses) {
  test(`${address} is ${near ? 'near' : 'somebody else’s, as far as we know'}`, () => {
    expect(isNear(address)).toBe(near);
  });
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}\n`).join('');
const diffs = [
  { what: 'the same', before: 'a\n', after: 'a\n', diff: '' },
  { what: 'a new file', before: undefined, after: 'a\nb\n', diff: '--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n' },
  {
    what: 'a line in the middle',
    before: numbered(1, 9),
    after: `${numbered(1, 4)}five\n${numbered(6, 9)}`,
    diff: '--- a/x\n+++ b/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
  },
  {
    what: 'two places far apart',
    before: numbered(1, 20),
    after: `0\n${numbered(1, 20)}21\n`,
    diff: '--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -18,3 +19,4 @@\n 18\n 19\n 20\n+21\n',
  },
  {
    what: 'no line end at the end',
    before: 'a',
    after: 'a\nb\n',
    diff: '--- a/x\n+++ b/x\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n',
  },
];
for (const { what, before, after, diff } of diffs) {
  test(`the diff of ${what}`, () => {
    expect(unifiedDiff('x', before, after)).toBe(diff);
  });
}
