import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { GroupCommit, largestGroup } from './group-commit.ts';

test('rows of one turn are written together, and nobody hears before the write is over', async () => {
  const groups: number[][] = [];
  let written = () => {};
  const disk = new Promise<void>((resolve) => (written = resolve));
  const commit = new GroupCommit<number>(async (rows) => {
    groups.push([...rows]);
    await disk;
  });
  let heard = 0;
  const added = [1, 2, 3].map((row) => commit.add(row).then(() => heard++));
  await new Promise((resolve) => setImmediate(resolve));
  expect({ groups, heard }).toEqual({ groups: [[1, 2, 3]], heard: 0 });
  const late = commit.add(4); // during the write: it waits for the next one
  written();
  await Promise.all([...added, late]);
  expect({ groups, heard }).toEqual({ groups: [[1, 2, 3], [4]], heard: 3 }); // prettier-ignore
});

test('a group is limited', async () => {
  const sizes: number[] = [];
  const commit = new GroupCommit<number>(async (rows) => void sizes.push(rows.length));
  await Promise.all(Array.from({ length: largestGroup + 1 }, (_, row) => commit.add(row)));
  expect(sizes).toEqual([largestGroup, 1]);
});

test('a failed write is told to all whose rows were in it, and to nobody else', async () => {
  let writes = 0;
  const commit = new GroupCommit<number>(async () => {
    if (++writes === 1) throw new Error('disk full');
  });
  const group = await Promise.allSettled([1, 2, 3].map((row) => commit.add(row)));
  expect(group).toEqual(group.map(() => ({ status: 'rejected', reason: new Error('disk full') })));
  await expect(commit.add(4)).resolves.toBeUndefined();
  expect(writes).toBe(2);
});
