/**
 * Stages as k6 has them: each goes to a level over a time, or holds the level it finds. They make one curve.
 */
import { type Duration, durationMsOf, durationProblem, formatDuration, show } from '../measure/units.ts';
import type { Curve, CurvePoint } from './curve.ts';

/** `{ to, over }` is a ramp, `{ hold }` keeps the level, `{ to }` alone jumps. */
export type Stage<Level> = { readonly to: Level; readonly over?: Duration } | { readonly hold: Duration };

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
  stages.forEach((stage, at) => {
    const { atMs, value } = curve.at(-1) ?? { atMs: 0, value: from };
    const name = `${option}[${at}]`;
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
  if (stages.length === 0)
    problems.push(`\`${option}\` needs at least one stage such as \`{ to: …, over: "30s" }\` or \`{ hold: "1m" }\``);
  else if ((curve.at(-1)?.atMs ?? 0) <= 0 && problems.length === 0)
    problems.push(`\`${option}\` takes no time: give a stage \`over\` or \`hold\``);
  return { curve, words: words.join(', '), problems };
}

function durationOf(text: unknown, option: string, problems: string[]): number {
  const ms = typeof text === 'string' ? durationMsOf(text) : undefined;
  if (ms === undefined) problems.push(durationProblem(option, text));
  return ms ?? 0;
}

/** A whole number of at least `least`, or what is wrong with it. */
export function wholeNumber(value: unknown, least: number): number | string {
  return typeof value === 'number' && Number.isInteger(value) && value >= least
    ? value
    : `must be a whole number of at least ${least}, got ${show(value)}`;
}
