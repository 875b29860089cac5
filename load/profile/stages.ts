/**
 * Stages as k6 has them: each goes to a level over a time, or holds the level it finds. They make one curve.
 */
import { type Duration, durationMsOf, durationProblem, formatDuration, show } from '../measure/units.ts';
import type { Curve, CurvePoint } from './curve.ts';

/** One stage of a ramp, as k6 has them: `{ to, over }` is a ramp, `{ to }` alone jumps, `{ hold }` keeps the level. */
export type Stage<Level> =
  | {
      /** The level at its end: users, or a rate. */
      readonly to: Level;
      /** How long it takes to get there, linearly. */
      readonly over?: Duration;
    }
  | {
      /** How long the level is kept. */
      readonly hold: Duration;
    };

interface StageReading<Level> {
  readonly stages: readonly Stage<Level>[];
  readonly from: number;
  readonly option: string;
  /** The level as a number, or a problem in words. */
  readonly read: (level: Level) => number | string;
  readonly format: (level: Level) => string;
}

/** The curve, its description, and everything that is wrong with the stages. */
export function readStages<Level>({ stages, from, option, read, format }: StageReading<Level>): {
  curve: Curve;
  words: string;
  problems: string[];
} {
  const problems: string[] = [];
  const curve: CurvePoint[] = [{ atMs: 0, value: from }];
  const words: string[] = [];
  listOf(stages).forEach((given, at) => {
    const { atMs, value } = curve.at(-1) ?? { atMs: 0, value: from };
    const name = `${option}[${at}]`;
    if (!isStage<Level>(given)) {
      problems.push(`\`${name}\` must be a stage such as ${stageForms}, got ${show(given)}`);
      return;
    }
    const stage = given;
    if ('hold' in stage) {
      curve.push({ atMs: atMs + durationOf(stage.hold, `${name}.hold`, problems), value });
      words.push(`hold ${stage.hold}`);
      return;
    }
    const level = read(stage.to);
    if (typeof level === 'string') problems.push(`\`${name}.to\` ${level}`);
    const to = typeof level === 'number' ? level : 0;
    const overMs = stage.over === undefined ? 0 : durationOf(stage.over, `${name}.over`, problems);
    curve.push({ atMs: atMs + overMs, value: to });
    words.push(`to ${format(stage.to)}${overMs > 0 ? ` over ${formatDuration(overMs)}` : ''}`);
  });
  if (listOf(stages).length === 0) problems.push(`\`${option}\` needs at least one stage such as ${stageForms}`);
  else if ((curve.at(-1)?.atMs ?? 0) <= 0 && problems.length === 0)
    problems.push(`\`${option}\` takes no time: give a stage \`over\` or \`hold\``);
  return { curve, words: words.join(', '), problems };
}

const stageForms = '`{ to: …, over: "30s" }` or `{ hold: "1m" }`';

/** Specs run unchecked by the compiler too: what is no list has no stages. */
function listOf(stages: unknown): readonly unknown[] {
  return Array.isArray(stages) ? stages : [];
}

function isStage<Level>(given: unknown): given is Stage<Level> {
  return typeof given === 'object' && given !== null && ('to' in given || 'hold' in given);
}

function durationOf(text: unknown, option: string, problems: string[]): number {
  const ms = typeof text === 'string' ? durationMsOf(text) : undefined;
  if (ms === undefined) problems.push(durationProblem(option, text));
  return ms ?? 0;
}
