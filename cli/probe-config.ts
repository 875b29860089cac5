/**
 * The configuration of a Playwright that only looks: it reads the user's configuration as Playwright does, tells what that
 * says to the command that asks, and finds no test.
 */
import type { PlaywrightTestConfig } from '@playwright/test';
import { usersConfig } from '../load/session/cores/users-config.ts';
import { probeVariable } from './probe-variable.ts';
import { seenConfig } from './seen-config.ts';

const path = process.env[probeVariable] ?? '';
const seen = seenConfig(await usersConfig(path), path);
if (process.send !== undefined) await new Promise((told) => process.send?.(seen, told));

const nothing: PlaywrightTestConfig = { testMatch: [], reporter: [['line']] };
export default nothing;
