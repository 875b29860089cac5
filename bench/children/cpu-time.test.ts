import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { cpuMsOf } from './cpu-time.ts';

const cases = [
  { printed: 'words\n0m0.000000s 0m0.010000s\n0m0.040000s 0m0.010000s\n', cpuMs: 50 }, // dash
  { printed: '0m0.001s 0m0.002s\n1m2.345s 0m0.655s\n', cpuMs: 63_000 }, // bash
];
for (const { printed, cpuMs } of cases) {
  test(`${JSON.stringify(printed)} is ${cpuMs} ms`, () => {
    expect(cpuMsOf(printed)).toBe(cpuMs);
  });
}

test('a command without times is an error, no zero', () => {
  expect(() => cpuMsOf('finished\n')).toThrow('`times` printed no CPU time, but `finished`');
});
