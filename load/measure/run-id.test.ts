import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { distinctIds, runIdOf } from './run-id.ts';

const names = { project: 'load', title: ['a.spec.ts', 'health'] };

test('an id is ten letters and digits, and the same for the same names', () => {
  expect(runIdOf(names)).toMatch(/^[0-9a-z]{10}$/);
  expect(runIdOf({ ...names })).toBe(runIdOf(names));
});

test('project, file, titles and their borders tell ids apart', () => {
  const others = [
    names,
    { ...names, project: 'stress' },
    { ...names, title: ['b.spec.ts', 'health'] },
    { ...names, title: ['a.spec.ts', 'health', 'second'] },
    { ...names, title: ['a.spec.ts', 'healthsecond'] },
    { project: '', title: ['load', 'a.spec.ts', 'health', ''] },
  ];
  expect(new Set(others.map(runIdOf)).size).toBe(others.length);
});

test('a thousand names have a thousand ids of ten characters', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => runIdOf({ project: 'load', title: [String(n)] }));
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toHaveLength(10);
});

test('the same id twice is told apart in its order', () => {
  const all = ['a', 'b', 'a', 'a'].map((id, at) => ({ id, at }));
  expect(distinctIds(all)).toEqual([
    { id: 'a', at: 0 },
    { id: 'b', at: 1 },
    { id: 'a-2', at: 2 },
    { id: 'a-3', at: 3 },
  ]);
});
