/** The score card as a table for people. */
import type { Expectation, Sequence } from './sequence.ts';
import { isExact, scoreCard, type Rates, type ScoreCard } from './score-card.ts';

export function printed(sequences: readonly Sequence[], card: ScoreCard): string {
  const rows = card.answers.map((answer, at) => {
    const expected = sequences[at]?.expect;
    return [answer.sequence, expected === undefined ? '' : wanted(expected), answer.found.join(', ') || '-', verdict(answer)]; // prettier-ignore
  });
  const rules = Object.entries(card.byRule).map(([rule, rates]) => [rule, ...figures(rates)]);
  const { answers, exact, misread } = card;
  return [
    table(['sequence', 'expected', 'found', 'verdict'], rows),
    table(['rule', 'hits', 'misses', 'false alarms', 'precision', 'recall'], [...rules, ['all', ...figures(card)]]),
    [
      `${exact} of ${answers.length} sequences answered exactly; figures misread in ${misread}`,
      ...heldOutLine(sequences, card),
      ...answers
        .filter((answer) => answer.misread.length > 0)
        .map((answer) => `  ${answer.sequence}: ${answer.misread.join(', ')}`),
      '',
    ].join('\n'),
  ].join('\n');
}

/** Those that the rules were not made from. */
function heldOutLine(sequences: readonly Sequence[], { answers }: ScoreCard): string[] {
  const card = scoreCard(answers.filter((_, at) => sequences[at]?.heldOut === true));
  if (card.answers.length === 0) return [];
  const [, , , precision, recall] = figures(card);
  return [`held out: ${card.exact} of ${card.answers.length} exactly, precision ${precision}, recall ${recall}`];
}

function wanted({ alarms, hints = [] }: Expectation): string {
  const either = (rules: Expectation['alarms'][number]) => (typeof rules === 'string' ? rules : rules.join(' or '));
  const all = [...alarms.map(either), ...hints.map((rules) => `(${either(rules)})`)];
  return all.join(', ') || '-';
}

function verdict(answer: ScoreCard['answers'][number]): string {
  if (isExact(answer)) return 'exact';
  return [
    ...answer.misses.map((rule) => `MISS ${rule}`),
    ...answer.falseAlarms.map((rule) => `FALSE ALARM ${rule}`),
  ].join(', ');
}

function figures({ hits, misses, falseAlarms, precision, recall }: Rates): string[] {
  const share = (of: number | null) => (of === null ? '-' : of.toFixed(3));
  return [String(hits), String(misses), String(falseAlarms), share(precision), share(recall)];
}

/** Columns as wide as their widest cell; the last is as long as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd(); // prettier-ignore
  return `${[head, ...rows].map(line).join('\n')}\n`;
}
