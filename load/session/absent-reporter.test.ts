import { expect, test } from '@playwright/test';
import { isAmong } from './absent-reporter.ts';

const cases = [
  { name: '/shop/node_modules/playload/dist/reporters/load-reporter.js', is: true },
  { name: 'C:\\shop\\node_modules\\playload\\dist\\reporters\\load-reporter.js', is: true },
  { name: '/playload/reporters/load-reporter.ts', is: true },
  { name: 'playload/reporter', is: true },
  { name: 'html', is: false },
  { name: '/shop/my-load-reporter.js', is: false },
];
for (const { name, is } of cases) {
  test(`${name} ${is ? 'is' : 'is not'} the load reporter`, () => {
    expect(isAmong([['list'], [name]])).toBe(is);
  });
}
