import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nodeVersion } from './nodes.ts';

const programs = [
  { path: process.execPath, version: process.version },
  { path: '/bin/sh', version: undefined }, // has no such option, or tells something else
  { path: '/nowhere/node', version: undefined },
];
for (const { path, version } of programs) {
  test(`${path} is ${version === undefined ? 'no Node' : 'a Node'}`, () => {
    expect(nodeVersion(path)).toBe(version);
  });
}
