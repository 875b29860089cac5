import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { drawsInPlace } from './surroundings.ts';

const terminal = { isTTY: true, columns: 80, rows: 24 };
const cases: readonly {
  readonly what: string;
  readonly stdout: Parameters<typeof drawsInPlace>[0];
  readonly env?: NodeJS.ProcessEnv;
  readonly draws: boolean;
}[] = [
  { what: 'a terminal', stdout: terminal, env: { TERM: 'xterm-256color' }, draws: true },
  { what: 'a terminal where `CI` is `false`', stdout: terminal, env: { CI: 'false' }, draws: true },
  { what: 'a terminal of a CI system, which keeps all it is sent', stdout: terminal, env: { CI: '1' }, draws: false },
  { what: 'a terminal that knows no sequences', stdout: terminal, env: { TERM: 'dumb' }, draws: false },
  { what: 'a terminal of unknown size', stdout: { ...terminal, columns: 0, rows: 0 }, draws: false },
  {
    what: 'a terminal on which Playwright shall draw nothing',
    stdout: terminal,
    env: { PLAYWRIGHT_FORCE_TTY: '0' },
    draws: false,
  },
  { what: 'a file', stdout: { isTTY: false, columns: 0, rows: 0 }, draws: false },
];
for (const { what, stdout, env = {}, draws } of cases)
  test(`${what} has ${draws ? 'rows drawn anew in place' : 'lines'}`, () => {
    expect(drawsInPlace(stdout, env)).toBe(draws);
  });
