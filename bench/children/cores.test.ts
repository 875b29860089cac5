import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { describeCores, onCore, parseCores } from './cores.ts';

const lists = [
  { list: '0-1', cores: [0, 1] },
  { list: '3', cores: [3] },
  { list: '0-2,8,10-11', cores: [0, 1, 2, 8, 10, 11] },
  { list: '', cores: [] }, // unknown
];
for (const { list, cores } of lists) {
  test(`\`${list}\` is ${JSON.stringify(cores)}`, () => {
    expect(parseCores(list)).toEqual(cores);
  });
}

test('each side is pinned to its core', () => {
  const cores = { kind: 'pinned', server: 4, generator: 6 } as const;
  expect(onCore(cores, 'server', ['node', 'x'])).toEqual(['taskset', '--cpu-list', '4', 'node', 'x']);
  expect(onCore(cores, 'generator', ['node', 'x'])).toEqual(['taskset', '--cpu-list', '6', 'node', 'x']);
});

test('without taskset a command stays as it is, and the reader is told', () => {
  const cores = { kind: 'free', reason: 'there is no `taskset` here' } as const;
  expect(onCore(cores, 'server', ['node', 'x'])).toEqual(['node', 'x']);
  expect(describeCores(cores)).toBe('server and generator wander between cores: there is no `taskset` here');
});
