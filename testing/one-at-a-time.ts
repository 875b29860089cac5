/** One process at a time does a piece of work that several test files ask for at once. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const askAgainMs = 100;

/** Waits until nobody else holds `lock`, a folder that only its holder makes; one whose holder is gone is taken over. */
export async function oneAtATime<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  while (!taken(lock)) await sleep(askAgainMs); // another process: there is nothing to be told by
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  const holder = join(lock, 'pid');
  try {
    mkdirSync(lock);
    writeFileSync(holder, String(process.pid));
    return true;
  } catch {
    if (isGone(holder)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isGone(holder: string): boolean {
  try {
    process.kill(Number(readFileSync(holder, 'utf8')), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'; // else it has not written it yet
  }
}
