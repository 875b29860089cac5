/** For tests: a server that counts and a folder for each test of a file; both are gone after it. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { test } from '@playwright/test';
import { CountingServer } from './shard-suite.ts';

export interface CountingEach {
  /** Of the test at hand. */
  readonly server: CountingServer;
  /** Of the test at hand, outside of the project; it is made by whoever writes into it. */
  readonly folder: string;
}

/** To be called once, at the top of a file. */
export function countingEach(name: string): CountingEach {
  let started: CountingServer | undefined;
  const folder = () => resolve(tmpdir(), `playload-${name}-${process.pid}`, test.info().testId);
  test.beforeEach(async () => {
    started = await CountingServer.start();
  });
  test.afterEach(async () => {
    await started?.close();
    await rm(folder(), { recursive: true, force: true });
  });
  return {
    get server() {
      if (started === undefined) throw new Error('there is no server outside of a test');
      return started;
    },
    get folder() {
      return folder();
    },
  };
}
