/** Reads and measures this machine. */
import { readFileSync } from 'node:fs';
import { freemem, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { availableCores } from '../../load/resources/available-cores.ts';
import type { MachineReadings } from './machine.ts';

const timers = 200;

export async function readMachine(): Promise<MachineReadings> {
  return {
    cores: availableCores(),
    latenessMs: await timerLateness(),
    openFiles: openFilesOf(textOf('/proc/self/limits')),
    freeMb: freeMbOf(
      textOf('/proc/meminfo'),
      textOf('/sys/fs/cgroup/memory.max'),
      textOf('/sys/fs/cgroup/memory.current'),
    ),
    governor: textOf('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')?.trim(),
    busyCores: loadavg()[0] ?? 0,
  };
}

async function timerLateness(): Promise<readonly number[]> {
  const late: number[] = [];
  for (let n = 0; n < timers; n++) {
    const fromMs = performance.now();
    await setTimeout(1);
    late.push(Math.max(0, performance.now() - fromMs - 1));
  }
  return late;
}

/** The soft limit, which Node raises to the hard one by itself. */
export function openFilesOf(limits: string | undefined): number | undefined {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(limits ?? '') ?? [];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Infinity : Number(soft);
}

/** Of the machine, or what the quota of the cgroup leaves. */
export function freeMbOf(meminfo: string | undefined, most: string | undefined, used: string | undefined): number {
  const [, kb] = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo ?? '') ?? [];
  const ofMachine = kb === undefined ? freemem() / 2 ** 20 : Number(kb) / 1_024;
  const left = (Number(most) - Number(used)) / 2 ** 20;
  return Number.isFinite(left) && most !== undefined ? Math.min(ofMachine, Math.max(0, left)) : ofMachine;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another platform, or not ours to read
  }
}
