import { cpus } from 'node:os';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { machineWords } from './machine-words.ts';

test('a container is another machine where it may use fewer cores', () => {
  const { length } = cpus();
  const words = machineWords({}, { count: 1, limit: 'CPU quota of 1.5' });
  expect(words).toContain(`, 1 of ${length} ${length === 1 ? 'core' : 'cores'} (CPU quota of 1.5), `);
  expect(machineWords({}, { count: length })).toBe(machineWords({}));
});

test('a machine is known by its CPU, cores, system and Node, and by the kind of its runner where that is said', () => {
  const [major = ''] = process.versions.node.split('.');
  const here = machineWords({});
  expect(here).toMatch(new RegExp(`^.+, \\d+ cores?, \\w+ \\w+, Node ${major}$`));
  expect(machineWords({ LOAD_RUNNER: 'large' })).toBe(`${here}, runner large`);
  for (const nothing of ['', '  ', '\n']) expect(machineWords({ LOAD_RUNNER: nothing })).toBe(here);
  expect(machineWords({ LOAD_RUNNER: ' large\nspot ' })).toBe(`${here}, runner large spot`);
});
