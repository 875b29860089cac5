import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { RoutePattern, segmentsOf } from './route-pattern.ts';

const covering = [
  { route: '/a/:x', other: '/a/b', covers: true },
  { route: '/a/b', other: '/a/:x', covers: false },
  { route: '/a/:x', other: '/a/:y', covers: true },
  { route: '/a/:x', other: '/b/c', covers: false },
  { route: '/a/:x', other: '/a/', covers: false }, // a parameter is never empty
  { route: '/a/:x', other: '/a/b/c', covers: false },
  { route: '/a/:x', other: '/a/*', covers: false },
  { route: '/a/*', other: '/a/b/c', covers: true },
  { route: '/a/*', other: '/a/:x', covers: true },
  { route: '/a/*', other: '/a', covers: false },
  { route: '/a/*', other: '/a/*', covers: true },
  { route: '/a/*', other: '/a/b/*', covers: true },
  { route: '/a/b/*', other: '/a/*', covers: false },
  { route: '/a/b/*', other: '/a/b', covers: false },
  { route: '/*', other: '/a', covers: true },
  { route: '/a/*/c', other: '/a/:x/c', covers: true }, // in the middle it is one segment
  { route: '/a/*/c', other: '/a/b/d', covers: false },
  { route: '/stra%C3%9Fe', other: '/straße', covers: true },
  { route: '/a/x:y', other: '/a/b', covers: false }, // a colon within is a colon
];
for (const { route, other, covers } of covering)
  test(`${route} ${covers ? 'covers' : 'does not cover'} ${other}`, () => {
    expect(new RoutePattern(route).covers(new RoutePattern(other))).toBe(covers);
  });

const fitting = [
  { route: '/a/:x', path: '/a/7', fits: true },
  { route: '/a/:x', path: '/a/', fits: false },
  { route: '/a/*', path: '/a/', fits: true },
  { route: '/a/*', path: '/a', fits: false },
  { route: '/a/*', path: '/b/c', fits: false },
  { route: '/', path: '/', fits: true },
];
for (const { route, path, fits } of fitting)
  test(`${route} ${fits ? 'fits' : 'does not fit'} ${path}`, () => {
    expect(new RoutePattern(route).fits(segmentsOf(path))).toBe(fits);
  });

test('a path is in segments as they are shown, of which the first slash begins none', () => {
  expect([segmentsOf('/a/stra%C3%9Fe/'), segmentsOf('a/b'), segmentsOf('//a'), segmentsOf('/')]).toEqual([
    ['a', 'straße', ''],
    ['a', 'b'],
    ['', 'a'],
    [''],
  ]);
});
