import { expect, test } from '@playwright/test';
import { missingTimes, preprocesses, refuseOwnShard } from './playwright-version.ts';

for (const { version, does } of [
  { version: '1.57.0', does: false },
  { version: '1.61.1', does: false },
  { version: '1.62.0', does: true },
  { version: '1.100.0', does: true },
  { version: '2.0.0', does: true },
  { version: '1.62.0-alpha-2026-05-01', does: true },
]) {
  test(`Playwright ${version} ${does ? 'lets' : 'does not let'} reporters leave tests out`, () => {
    expect(preprocesses(version)).toBe(does);
  });
}

const whole = { current: 1, total: 1 };
const half = { current: 2, total: 2 };
for (const { version, shard, isRefused } of [
  { version: '1.61.1', shard: half, isRefused: true },
  { version: '1.61.1', shard: whole, isRefused: false },
  { version: '1.61.1', shard: null, isRefused: false },
  { version: '1.62.0', shard: half, isRefused: false },
]) {
  test(`Playwright ${version} as ${JSON.stringify(shard)} is ${isRefused ? 'refused' : 'taken'}`, () => {
    const refuse = () => refuseOwnShard({ version, shard });
    if (isRefused) expect(refuse).toThrow('`LOAD_SHARD=2/2`');
    else expect(refuse).not.toThrow();
  });
}

for (const { version, transport, isTold } of [
  { version: '1.61.1', transport: 'playwright', isTold: true },
  { version: '1.61.1', transport: 'playload', isTold: false },
  { version: '1.62.0', transport: 'playwright', isTold: false },
]) {
  test(`${transport}'s transport with Playwright ${version} ${isTold ? 'tells' : 'need not tell'} of missing times`, () => {
    expect(missingTimes(version, transport) !== undefined).toBe(isTold);
  });
}
