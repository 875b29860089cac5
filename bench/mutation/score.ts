/** What became of the mutants of each room, as a table, and those that no test noticed, one line each. */
import type { MutantResult } from '@stryker-mutator/api/core';
import { alignedTable } from '../table.ts';

export interface RoomScore {
  readonly room: string;
  readonly killed: number;
  /** Of the killed, those that ran on for so long that they were ended. */
  readonly timedOut: number;
  readonly survived: number;
  /** Survivors that no test even ran through. */
  readonly unreached: number;
}

type Judged = Pick<MutantResult, 'fileName' | 'status' | 'location' | 'mutatorName' | 'replacement'>;

/** A mutant that lets a test wait for ever is noticed; one that is no program at all is none. */
export function scoreOf(room: string, mutants: readonly Judged[]): RoomScore {
  const own = mutants.filter(({ fileName }) => fileName.startsWith(`${room}/`));
  const count = (wanted: Judged['status']) => own.filter(({ status }) => status === wanted).length;
  const [unreached, timedOut] = [count('NoCoverage'), count('Timeout')];
  return { room, killed: count('Killed') + timedOut, timedOut, survived: count('Survived') + unreached, unreached };
}

/** Share of the mutants of which a test took notice; absent where there are none. */
export function killedShare({ killed, survived }: Pick<RoomScore, 'killed' | 'survived'>): number | undefined {
  return killed + survived === 0 ? undefined : killed / (killed + survived);
}

/** One row each, and one for all; a share below the bar is marked. */
export function scoreTable(scores: readonly RoomScore[], bar: number): string[] {
  const sum = (field: Exclude<keyof RoomScore, 'room'>) => scores.reduce((all, score) => all + score[field], 0);
  const total: RoomScore = {
    ...{ room: 'all', killed: sum('killed'), timedOut: sum('timedOut') },
    ...{ survived: sum('survived'), unreached: sum('unreached') },
  };
  const cells = (score: RoomScore) => {
    const share = killedShare(score);
    const { room, killed, timedOut, survived, unreached } = score;
    const percent = share === undefined ? '' : `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
    const mark = share === undefined ? 'no mutants' : share >= bar ? '✓ met' : '✗ missed';
    const counts = [killed + survived, killed, timedOut, survived, unreached].map(String);
    return [room, ...counts, percent, mark];
  };
  const heads = [
    'room',
    'mutants',
    'killed',
    'of them by time',
    'survived',
    'of them in no test',
    'killed',
    `at least ${bar * 100} %`,
  ];
  return alignedTable(heads, [...scores, total].map(cells), 1);
}

/** `load/measure/counts.ts:24 EqualityOperator: a > b → a >= b`; `source` gives a file's text. */
export function survivorLines(mutants: readonly Judged[], source: (fileName: string) => string): string[] {
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ fileName, location: { start, end }, mutatorName, replacement }) => {
      const lines = source(fileName)
        .split('\n')
        .slice(start.line - 1, end.line);
      const last = lines.length - 1;
      const text = lines.map((line, at) =>
        line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined),
      );
      return `${fileName}:${start.line} ${mutatorName}: ${oneLine(text.join(' '))} → ${oneLine(replacement)}`;
    });
}

const longest = 100;

function oneLine(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
