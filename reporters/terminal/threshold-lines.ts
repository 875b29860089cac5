/** Thresholds, worst first: mark, subject, metric, what came, what was asked. */
import { type JudgedThreshold, receivedText } from '../../load/verdict/judged-threshold.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import { columnsOf, cutToColumns } from '../words/plain-text.ts';
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
  return lines.map((line, at) => `${marks[at] ?? ' '} ${line}`);
}

/** All on as few lines as they need, for runs without anything to explain: `✓ p95 2.20 ms (< 100ms)`. */
export function thresholdsInShort(thresholds: readonly JudgedThreshold[], { width, paint }: Canvas): string[] {
  const lines: { plain: number; text: string }[] = [];
  for (const threshold of thresholds.filter(isTold)) {
    const subject = threshold.scope === 'run' ? '' : `${nameCell(threshold.scope).text} `;
    const words = cutToColumns(
      `${subject}${threshold.metric} ${receivedText(threshold)} (${expectedText(threshold)})`,
      width - 2 * indent.length - 2,
    );
    const text = `${verdictPaint(paint, threshold.verdict)(verdictGlyphs[threshold.verdict])} ${words}`;
    const plain = columnsOf(words) + 2;
    const last = lines.at(-1);
    if (last === undefined || last.plain + 3 + plain > width - 2 * indent.length) lines.push({ plain, text });
    else {
      last.plain += 3 + plain;
      last.text += `   ${text}`;
    }
  }
  const implied = impliedWords(thresholds);
  const last = implied === undefined ? [] : [paint.dim(cutToColumns(implied, width - 2 * indent.length))];
  return [...lines.map(({ text }) => text), ...last];
}
