/** Thresholds, worst first: mark, subject, metric, what came, what was asked. */
import { formatValue } from '../../load/verdict/metric.ts';
import type { JudgedThreshold } from '../../load/verdict/judge.ts';
import { columnsOf, cutToColumns } from './plain-text.ts';
import { verdictGlyphs, verdictPaint } from './paint.ts';
import { type Canvas, indent, nameCell } from './section.ts';
import { tableLines } from './table.ts';

/** Longer than any metric or pair of limits that a person writes. */
const mostMetricColumns = 26;
const mostExpectedColumns = 40;

export function observedText({ actual, unit }: JudgedThreshold): string {
  return actual === undefined ? 'no data' : formatValue(actual, unit);
}

export function thresholdLines(thresholds: readonly JudgedThreshold[], { width, paint }: Canvas): string[] {
  if (thresholds.length === 0) return [];
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
      { text: observedText(threshold), paint: verdictPaint(paint, threshold.verdict) },
      { ...nameCell(threshold.expected, mostExpectedColumns), paint: paint.dim },
    ]),
    width: width - indent.length - 2,
    titlePaint: paint.dim,
  });
  return lines.map((line, at) => `${marks[at] ?? ' '} ${line}`);
}

/** All on as few lines as they need, for runs without anything to explain: `✓ p95 2.20 ms (< 100ms)`. */
export function thresholdsInShort(thresholds: readonly JudgedThreshold[], { width, paint }: Canvas): string[] {
  const lines: { plain: number; text: string }[] = [];
  for (const threshold of thresholds) {
    const subject = threshold.scope === 'run' ? '' : `${nameCell(threshold.scope).text} `;
    const words = cutToColumns(
      `${subject}${threshold.metric} ${observedText(threshold)} (${threshold.expected})`,
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
  return lines.map(({ text }) => text);
}
