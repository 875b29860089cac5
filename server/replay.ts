/**
 * `npm run replay`: every sequence of pages with a known conclusion goes through the analysis, and what it said is held
 * against what people said. `npm run replay -- --json` for machines, `npm run replay -- sglang` for those with that in
 * their name. Ends with 1 when all of them together fall below the floor.
 */
import { parseArgs } from 'node:util';
import { belowFloor } from './testing/engine-pages/floor.ts';
import { replay } from './testing/engine-pages/replay-sequence.ts';
import { judge, scoreCard } from './testing/engine-pages/score-card.ts';
import { printed } from './testing/engine-pages/score-table.ts';
import { sequences } from './testing/engine-pages/sequences/all.ts';

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
  const wanted = sequences.filter(({ name }) => positionals.every((word) => name.includes(word)));
  if (wanted.length === 0) {
    process.stderr.write(`no sequence has \`${positionals.join(' ')}\` in its name; without a word all are replayed\n`);
    return 2;
  }
  const card = scoreCard(wanted.map((sequence) => judge(sequence, replay(sequence))));
  const short = positionals.length === 0 ? belowFloor(card) : [];
  process.stdout.write(values.json === true ? `${JSON.stringify(card, null, 2)}\n` : printed(wanted, card));
  for (const line of short) process.stderr.write(`${line}\n`);
  return short.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
