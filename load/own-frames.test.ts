import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { arrivals } from './profile/arrivals.ts';
import { callSite, forgetOwnFrames, locationOf, pointedAt, siteOf } from './own-frames.ts';

const own = import.meta.dirname;
const stackOf = (error: Error) => (error.stack ?? '').split('\n');

const frames = [
  { frame: '    at f (/a b/c.ts:1:2)', place: { file: '/a b/c.ts', line: 1, column: 2 } },
  { frame: '    at /a/b.ts:10:20', place: { file: '/a/b.ts', line: 10, column: 20 } },
  { frame: '    at async /a/b.ts:1:2', place: { file: '/a/b.ts', line: 1, column: 2 } },
  { frame: '    at async f (file:///a/b.ts:1:2)', place: { file: '/a/b.ts', line: 1, column: 2 } },
  { frame: '    at f (C:\\a\\b.ts:1:2)', place: { file: 'C:\\a\\b.ts', line: 1, column: 2 } },
  { frame: '    at f (<anonymous>)', place: undefined },
];
for (const { frame, place } of frames)
  test(`${frame.trim()} is ${place === undefined ? 'no place' : `${place.file}:${place.line}`}`, () => {
    expect(locationOf([frame])).toEqual(place);
  });

test('a call site begins at the caller, and an option that is wrong points there', () => {
  expect(locationOf(callSite())?.file).toBe(import.meta.filename);
  const thrown: unknown[] = [];
  try {
    arrivals('many' as never).for('1s');
  } catch (error) {
    thrown.push(error);
  }
  expect(thrown.map((error) => locationOf(stackOf(error as Error).slice(1))?.file)).toEqual([import.meta.filename]);
});

test('our frames go, also those of causes, and lines of a message stay', () => {
  const cause = new Error('why');
  cause.stack = `Error: why\n    at g (${own}/session/x.ts:1:1)\n    at h (/spec.ts:9:9)`;
  const error = new Error('one\n    at least\ntwo', { cause });
  error.stack = `Error: one\n    at least\ntwo\n    at f (${own}/x.ts:1:1)\n    at /spec.ts:3:4`;
  forgetOwnFrames(error);
  expect(error.stack).toBe('Error: one\n    at least\ntwo\n    at /spec.ts:3:4');
  expect(cause.stack).toBe('Error: why\n    at h (/spec.ts:9:9)');
});

test("an error of the test's own code keeps its place, and one of ours gets that of the call", () => {
  const site = siteOf({ file: '/spec.ts', line: 7, column: 1 });
  const theirs = new Error('theirs');
  theirs.stack = `Error: theirs\n    at /helper.ts:1:1\n    at f (${own}/x.ts:1:1)`;
  expect(stackOf(pointedAt(theirs, site) as Error).slice(1)).toEqual(['    at /helper.ts:1:1', '    at /spec.ts:7:1']);
  const ours = new Error('ours');
  ours.stack = `Error: ours\n    at f (${own}/x.ts:1:1)`;
  expect(pointedAt(ours, site)).toBe(ours);
  expect(stackOf(ours).slice(1)).toEqual(['    at /spec.ts:7:1']);
  expect(pointedAt('no error', site)).toBe('no error');
});

test('a cause in a circle is looked at once', () => {
  const [one, other] = [new Error('one'), new Error('other')];
  Object.assign(one, { cause: other });
  Object.assign(other, { cause: one });
  expect(pointedAt(one, siteOf({ file: '/spec.ts', line: 1, column: 2 }))).toBe(one);
  expect(one.stack).toContain('at /spec.ts:1:2');
});

test('an error that is frozen stays as it is', () => {
  const error = Object.freeze(new Error('frozen'));
  expect(pointedAt(error, siteOf({ file: '/spec.ts', line: 1, column: 2 }))).toBe(error);
});
