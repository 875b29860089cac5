import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { routeProblems } from './route-problems.ts';

const lists: readonly { routes: unknown; problems: readonly string[] }[] = [
  { routes: [], problems: [] },
  { routes: ['/', '/429', '/shop/new', '/shop/:slug', '/shop/:slug/*', '/:a/x', '/v1/items:batch'], problems: [] },
  { routes: ['/reset/:token', '/keys/:api_key', '/straße/a b'], problems: [] },
  { routes: '/a', problems: ['`routes` must be a list of paths such as `["/shop/:slug"]`, got "/a"'] },
  { routes: [7], problems: ['`routes` must be a list of paths such as `["/shop/:slug"]`, got [7]'] },
  {
    routes: ['shop/:slug', ''],
    problems: [
      '`routes` has `shop/:slug`: it must be a path, which begins with `/`',
      '`routes` has ``: it must be a path, which begins with `/`',
    ],
  },
  { routes: ['http://h/a'], problems: ['`routes` has `http://h/a`: it must be a path, which begins with `/`'] },
  { routes: ['/a?b=:c'], problems: ['`routes` has `/a?b=:c`: a row has no query, so a route has none'] },
  { routes: ['/a\u001b[2J'], problems: ['`routes` has `/a\u001b[2J`: no row could have that name as it is'] },
  {
    routes: [`/${'a'.repeat(200)}`],
    problems: [`\`routes\` has \`/${'a'.repeat(200)}\`: no row could have that name as it is`],
  },
  {
    routes: ['/:', '/:1/:id?', '/a*'],
    problems: [
      '`routes` has `/:`: a parameter is a whole segment such as `:slug`, got `:`',
      '`routes` has `/:1/:id?`: a row has no query, so a route has none',
      '`routes` has `/a*`: `*` is a whole segment, got `*`'.replace('got `*`', 'got `a*`'),
    ],
  },
  { routes: ['/:page', '/429'], problems: ['`routes` has `/429` behind `/:page`, which fits all that it fits'] },
  { routes: ['/a/:b', '/a/:c'], problems: ['`routes` has `/a/:c` behind `/a/:b`, which fits all that it fits'] },
  {
    routes: ['/a/*', '/a/:b/*', '/a/b/c'],
    problems: [
      '`routes` has `/a/:b/*` behind `/a/*`, which fits all that it fits',
      '`routes` has `/a/b/c` behind `/a/*`, which fits all that it fits',
    ],
  },
  {
    routes: ['/a/:b/*', '/a/*', '/a/:b'],
    problems: ['`routes` has `/a/:b` behind `/a/*`, which fits all that it fits'],
  },
];
for (const { routes, problems } of lists)
  test(`routes ${JSON.stringify(routes).slice(0, 80)} have ${problems.length} problems`, () => {
    expect(routeProblems(routes)).toEqual(problems);
  });
