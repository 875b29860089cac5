/** What this machine is, as far as it decides how exact a load can be. */
import type { AvailableCores } from '../../load/resources/available-cores.ts';
import { bad, type Finding, fine, note } from './finding.ts';

/** What was read or measured; absent where the platform does not tell. */
export interface MachineReadings {
  readonly cores: AvailableCores;
  /** How late timers of a millisecond came, milliseconds, in their order. */
  readonly latenessMs: readonly number[];
  /** Most open files of this process. */
  readonly openFiles: number | undefined;
  readonly freeMb: number;
  /** `powersave` and the like. */
  readonly governor: string | undefined;
  /** Processes that ran or wanted to, on average of the last minute. */
  readonly busyCores: number;
}

/** As many connections as an open load may have at once by default; the caller knows. */
export interface MachineParts {
  readonly readings: MachineReadings;
  readonly connections: number;
}

/** A run is invalid when 1 % of its starts come later than this. */
const lateMs = 10;
/** Files that are open besides connections: modules, pipes, logs. */
const otherFiles = 100;
const leastFreeMb = 512;

export function machineFindings({ readings, connections }: MachineParts): readonly Finding[] {
  const { openFiles, freeMb, governor, busyCores, cores } = readings;
  return [
    coresFinding(cores),
    timerFinding(readings.latenessMs),
    ...(openFiles === undefined ? [] : [filesFinding(openFiles, connections)]),
    freeMb >= leastFreeMb
      ? fine('memory', `${formatMb(freeMb)} are free`)
      : note(
          'memory',
          `only ${formatMb(freeMb)} are free`,
          'end other programs: a machine that swaps measures its disk',
        ),
    ...(governor === undefined || governor !== 'powersave'
      ? []
      : [
          note(
            'CPU',
            'its governor is `powersave`, which may keep it slow while a load begins',
            'compare only runs of like settings, or ask for `performance` (cpupower frequency-set -g performance)',
          ),
        ]),
    busyCores > cores.count / 2
      ? note(
          'other work',
          `about ${busyCores.toFixed(1)} of ${cores.count} cores were busy in the last minute`,
          'wait until the machine is quiet, or take another: loads share it with all that runs',
        )
      : fine('other work', `about ${busyCores.toFixed(1)} of ${cores.count} cores were busy in the last minute`),
  ];
}

function coresFinding({ count, ofMachine, limit }: AvailableCores): Finding {
  const because = limit === undefined ? '' : ` of ${ofMachine} (${limit})`;
  const words = `${count}${because} may be used`;
  if (count > 1) return fine('cores', words);
  return note(
    'cores',
    words,
    'with a server on the same core each takes time from the other: give the machine another, or load a server elsewhere',
  );
}

function timerFinding(lateness: readonly number[]): Finding {
  const sorted = lateness.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const words = `a timer of 1 ms is late by ${at(0.5).toFixed(2)} ms, ${at(0.99).toFixed(2)} ms at p99`;
  if (at(0.99) <= lateMs) return fine('timers', words);
  return note(
    'timers',
    words,
    `where 1 % of the starts of a load come more than ${lateMs} ms late, the run is invalid: wait until the machine is quiet`,
  );
}

function filesFinding(openFiles: number, connections: number): Finding {
  const needed = connections + otherFiles;
  if (openFiles >= needed) return fine('open files', `up to ${openFiles.toLocaleString('en')} at once`);
  const words = `at most ${openFiles} at once, and a load may open ${connections.toLocaleString('en')} connections`;
  return openFiles < otherFiles * 2
    ? bad('open files', words, `ulimit -n ${needed}`)
    : note('open files', words, `ulimit -n ${needed}, or a lower \`maxInFlight\``);
}

function formatMb(mb: number): string {
  return mb >= 1_024 ? `${(mb / 1_024).toFixed(1)} GB` : `${Math.round(mb)} MB`;
}
