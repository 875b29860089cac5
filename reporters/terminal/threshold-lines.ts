/** Thresholds, worst first: mark, subject, metric, what came, what was asked. */
import { type JudgedThreshold, receivedText } from '../../load/verdict/judged-threshold.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import { cutToColumns, plainLine, wrapped } from '../words/plain-text.ts';
import { expectedText, impliedWords, isTold } from '../words/thresholds.ts';
import { verdictPaint } from './paint.ts';
import { type Canvas, indent, nameCell } from './section.ts';
import { tableLines } from './table.ts';

/** Longer than any metric or pair of limits that a person writes. */
const mostMetricColumns = 26;
const mostExpectedColumns = 40;

/** Implied limits that are met are only named. */
export function thresholdLines(all: readonly JudgedThreshold[], canvas: Canvas): string[] {
  const told = all.filter(isTold);
  return [...(told.length === 0 ? [] : toldLines(told, canvas)), ...impliedLine(all, canvas)];
}

function impliedLine(thresholds: readonly JudgedThreshold[], { width, paint }: Canvas): string[] {
  const words = impliedWords(thresholds);
  return words === undefined
    ? []
    : [`${paint.good(verdictGlyphs.passed)} ${paint.dim(cutToColumns(words, width - indent.length - 2))}`];
}

function toldLines(thresholds: readonly JudgedThreshold[], { width, paint }: Canvas): string[] {
  const marks = thresholds.map(({ verdict }) => verdictPaint(paint, verdict)(verdictGlyphs[verdict]));
  const lines = tableLines({
    columns: [
      { title: '', align: 'left' },
      { title: '', align: 'left' },
      { title: '', align: 'right' },
      { title: '', align: 'left' },
    ],
    rows: thresholds.map((threshold) => [
      nameCell(threshold.scope),
      nameCell(threshold.metric, mostMetricColumns),
      { text: receivedText(threshold), paint: verdictPaint(paint, threshold.verdict) },
      { ...nameCell(expectedText(threshold), mostExpectedColumns), paint: paint.dim },
    ]),
    width: width - indent.length - 2,
    titlePaint: paint.dim,
  });
  return lines.flatMap((line, at) => [
    `${marks[at] ?? ' '} ${line}`,
    ...culpritLines(thresholds[at]?.culprit, width).map((words) => paint.dim(words)),
  ]);
}

/** Whose it was, in words, under the limit that it missed. */
function culpritLines(culprit: JudgedThreshold['culprit'], width: number): string[] {
  if (culprit === undefined) return [];
  return wrapped(plainLine(culprit.words), width - 2 * indent.length).map((words) => `${indent}${words}`);
}
