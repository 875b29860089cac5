/**
 * A finding: the answer to a question that takes more than one number, such as where a server breaks. It is data, worked
 * out once by the test that asked, and it travels beside the runs that it rests on: as the attachment `_load-findings`,
 * through blob reports too, to every surface and to `summary.json`.
 */
import type { Unit } from './units.ts';

/** Which question it answers. */
export type FindingKind = 'breaking-point' | 'recovery' | 'leak' | 'drift' | 'comparison' | 'baseline';

/**
 * `passed`: it holds. `measured`: answered, and nothing was asked of the answer. `failed`: it does not hold. `invalid`: it
 * could not be told, and whoever asked has to know. `inconclusive`: it could not be told from so little, which fails
 * nothing.
 */
export type FindingVerdict = 'passed' | 'measured' | 'failed' | 'invalid' | 'inconclusive';

/** Worst first; what could not be told comes before what holds. */
export const findingOrder = [
  'failed',
  'invalid',
  'inconclusive',
  'passed',
  'measured',
] as const satisfies readonly FindingVerdict[];

/** In a stable order: of one verdict as they came. */
export function worstFindingFirst<Found extends { readonly verdict: FindingVerdict }>(all: readonly Found[]): Found[] {
  return all.toSorted((a, b) => findingOrder.indexOf(a.verdict) - findingOrder.indexOf(b.verdict));
}

/**
 * What a cell, an axis or a line is counted in; `users` and `pair` are whole numbers, and what lies between two pairs is of
 * all; `seconds` and `minutes` are time.
 */
export type FindingUnit = Unit | 'mb' | 'text' | 'users' | 'pair' | 'seconds' | 'minutes' | 'ratio';

/** A table of steps, pairs or runs. */
export interface FindingTable {
  /** In their order, each with what its cells are counted in. */
  readonly columns: readonly { readonly name: string; readonly unit: FindingUnit }[];
  /** Cells by the name of their column; absent where nothing was measured. */
  readonly rows: readonly Readonly<Record<string, number | string>>[];
}

/** One line, or one row of points, of a chart. */
export interface FindingLine {
  /** As the legend has it. */
  readonly name: string;
  /** On which of the two value axes. */
  readonly axis: 'left' | 'right';
  /** How it is drawn. */
  readonly style: 'line' | 'points' | 'bars';
  /** In rising order of the first number; where a third and fourth stand, they are the interval of the second. */
  readonly points: readonly (
    readonly [x: number, y: number] | readonly [x: number, y: number, low: number, high: number]
  )[];
}

/** An axis of a chart. */
export interface FindingAxis {
  /** What stands at it. */
  readonly name: string;
  /** What it counts in. */
  readonly unit: FindingUnit;
}

/** The series of a finding, as it is drawn on every surface. */
export interface FindingChart {
  /** The axis that all lines share; `log`: by powers of ten. */
  readonly x: FindingAxis & { readonly log?: true };
  /** The value axis. */
  readonly left: FindingAxis;
  /** A second value axis, where lines of another unit are drawn. */
  readonly right?: FindingAxis;
  /** What is drawn. */
  readonly lines: readonly FindingLine[];
  /** A straight line with a name: across at a value of the left axis, or upright at an `x`. */
  readonly marks: readonly { readonly on: 'x' | 'left'; readonly at: number; readonly name: string }[];
  /** Stretches of the x axis with a name: the stress, what was discarded. */
  readonly spans?: readonly { readonly from: number; readonly to: number; readonly name: string }[];
}

/** The answer to a question that takes more than one number. */
export interface Finding {
  readonly kind: FindingKind;
  /** Tells several of one test apart. */
  readonly name?: string;
  /** Whether it holds. */
  readonly verdict: FindingVerdict;
  /** One sentence for people. */
  readonly sentence: string;
  /** What the sentence says, for programs; names end in their unit where they have one. */
  readonly figures: Readonly<Record<string, number | string | boolean>>;
  /** Which loads of its test it rests on, from 0. */
  readonly runs: readonly number[];
  /** These were run for it alone, and say nothing by themselves: they are folded under it. */
  readonly folds?: true;
  /** Steps, pairs or runs, for readers who want to look closer. */
  readonly table?: FindingTable;
  /** The same as a picture. */
  readonly chart?: FindingChart;
}

/** The attachment's name; a leading underscore keeps it out of Playwright's HTML report. */
export const findingsAttachment = '_load-findings';
/** Changed whenever an old reader would misread a new attachment. */
export const findingsSchema = 'playload.findings/1';

export interface FindingsPayload {
  readonly schema: typeof findingsSchema;
  readonly findings: readonly Finding[];
}

/** Findings of an attachment. Throws `TypeError` for another schema, and some error for what is damaged. */
export function decodeFindings(text: string): readonly Finding[] {
  const payload = JSON.parse(text) as Partial<FindingsPayload> | null;
  if (payload?.schema !== findingsSchema || !Array.isArray(payload.findings)) {
    throw new TypeError(
      `findings of schema \`${String(payload?.schema)}\` cannot be read, \`${findingsSchema}\` can: use one version of playload for workers and merge`,
    );
  }
  return payload.findings as readonly Finding[];
}

export function encodeFindings(findings: readonly Finding[]): string {
  return JSON.stringify({ schema: findingsSchema, findings } satisfies FindingsPayload);
}

/** Whether it ends a build. */
export function isBadFinding({ verdict }: Pick<Finding, 'verdict'>): boolean {
  return verdict === 'failed' || verdict === 'invalid';
}

/** `breaking point`, with its name where it has one: what stands before the sentence on every surface. */
export function titleOfFinding({ kind, name }: Pick<Finding, 'kind' | 'name'>): string {
  const words = kind.replaceAll('-', ' ');
  return name === undefined ? words : `${words} of ${name}`;
}

/** The cells of a row of which something was measured. */
export function cells(row: Readonly<Record<string, number | string | undefined>>): Record<string, number | string> {
  const measured: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(row)) if (value !== undefined) measured[name] = value;
  return measured;
}
