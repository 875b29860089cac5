/** Loads under way as rows of a terminal, one each, and as a line of a log. Pure: columns in, text out. */
import {
  type Progress,
  progressLeft,
  type ProgressOf,
  progressTime,
  progressWords,
  spark,
} from '../../../load/measure/progress.ts';
import { formatCount } from '../../../load/measure/units.ts';
import { columnsOf, cutInside, cutToColumns, plainLine, toColumns } from '../../words/plain-text.ts';
import type { Paint } from '../paint.ts';

export interface LoadUnderWay {
  readonly of: ProgressOf;
  readonly progress: Progress;
  /** The newest last. */
  readonly rates: readonly number[];
}

/** What a title keeps at least, while there is a figure that can be left out. */
const leastTitle = 18;
/** With less of it, loads cannot be told apart. */
const scarceTitle = 10;
const gap = ' · ';
/** Of so busy an event loop the eye should know. */
const busy = 0.7;

/** At most `most` rows of at most `width` columns; of more loads the last row says how many. */
export function progressRows(
  loads: readonly LoadUnderWay[],
  { width, most, paint }: { width: number; most: number; paint: Paint },
): string[] {
  const shown = loads.length > most ? loads.slice(0, most - 1) : loads;
  const more = loads.length - shown.length;
  const titles = namesOf(shown);
  const widest = Math.max(0, ...titles.map((text) => columnsOf(text)));
  const besides = (leastColumns: number) => width - Math.min(leastColumns, widest) - 4;
  const figures = shown.map((load) =>
    figuresWithin(load, { columns: besides(leastTitle), most: besides(scarceTitle) }),
  );
  const room = Math.max(1, width - 4 - Math.max(0, ...figures.map(({ length }) => length)));
  const names = titles.map((name) => cutInside(name, room));
  const titleColumns = Math.max(0, ...names.map((text) => columnsOf(text)));
  return [
    ...shown.map((load, at) => {
      const row = `▸ ${toColumns(names[at] ?? '', titleColumns)}  ${figures[at] ?? ''}`;
      const needs = 4 + titleColumns + (figures[at]?.length ?? 0);
      return colourOf(load, paint)(needs > width ? cutToColumns(row, width) : row);
    }),
    ...(more > 0 ? [paint.dim(cutToColumns(`  and ${formatCount(more)} more loads`, width))] : []),
  ];
}

/** `shop.spec.ts › browse: 0:10 of 1:00, 50s left · …`: the end of the title tells most, so a long one is cut inside. */
export function logLine({ of, progress }: Pick<LoadUnderWay, 'of' | 'progress'>, width: number): string {
  const { rate, events, users, p95, errors, loops } = progressWords(progress);
  const words = [progressTime(progress), rate, events, users, p95, errors, loops]
    .filter((word) => word !== undefined)
    .join(gap);
  const room = Math.max(leastTitle, width - columnsOf(words) - 2);
  return `${cutInside(fullName(of), room)}: ${words}`;
}

function fullName({ title }: ProgressOf): string {
  return title.map(plainLine).join(' › ');
}

/** Without the file, whose rows stand above; with it, and with the project, where the titles alone are the same. */
function namesOf(loads: readonly LoadUnderWay[]): string[] {
  const short = loads.map(({ of }) => of.title.slice(1).map(plainLine).join(' › '));
  return loads.map(({ of }, at) => {
    const name = short[at] ?? '';
    const isAlone = short.filter((other) => other === name).length === 1;
    return isAlone ? name : `${of.project === '' ? '' : `[${plainLine(of.project)}] `}${fullName(of)}`;
  });
}

/** Each character takes a column. Left, rate, p95 and errors stay; of the rest what there is room for, elapsed and a busy generator before anything. */
function figuresWithin(
  { progress, rates }: LoadUnderWay,
  { columns, most }: { columns: number; most: number },
): string {
  const { rate, events, users, p95, errors, loops } = progressWords(progress);
  const isBusy = progress.saturated || progress.loops.some((elu) => elu >= busy);
  const spare = [
    ...(loops !== undefined && isBusy ? (['loops'] as const) : []),
    ...(['events', 'users', 'spark', 'loops'] as const),
  ];
  const kept = new Set<string>();
  let time = progressTime(progress);
  const line = () =>
    [
      time + (kept.has('spark') && rates.length > 0 ? ` ${spark(rates.slice(-10))}` : ''),
      rate,
      kept.has('events') ? events : undefined,
      kept.has('users') ? users : undefined,
      p95,
      errors,
      kept.has('loops') ? loops : isBusy ? 'busy' : undefined,
    ]
      .filter((word) => word !== undefined)
      .join(gap);
  const { elapsedMs, plannedMs } = progress;
  if (line().length > most) time = progressLeft({ elapsedMs, plannedMs });
  for (const part of spare) {
    kept.add(part);
    if (line().length > columns) kept.delete(part);
  }
  return line();
}

function colourOf({ progress }: LoadUnderWay, paint: Paint): (text: string) => string {
  if (progress.saturated) return paint.fair;
  return (progress.errors ?? 0) > 0 ? paint.bad : (text) => text;
}
