/** `docs/agent-engines.md` says which metric of which engine and version fills which field, and says what the code does. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { definitions } from './definitions.ts';
import { engines, type Condition, type Engine, type GaugeSource, type MetricName, type Source } from './engine.ts';

const page = readFileSync(new URL('../../../docs/agent-engines.md', import.meta.url), 'utf8');
const headings: Readonly<Record<Engine, string>> = { vllm: 'vLLM', sglang: 'SGLang', tgi: 'TGI' };

/** The cells of the table below `### <engine>` in the section on metrics. */
function rowsOf(engine: Engine): string[][] {
  const section = /^## Metrics$(.*?)(?=^## |$(?![^]))/ms.exec(page)?.[1] ?? '';
  const part = section.split(/^### /m).find((text) => text.startsWith(`${headings[engine]}\n`)) ?? '';
  const rows = part.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.slice(1, -1).split('|').map((cell) => cell.trim())); // prettier-ignore
}

const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

function condition(one: Condition): string {
  return 'values' in one ? `\`${one.label}\` ${code(one.values)}` : `\`${one.label}\` not ${code(one.except)}`;
}

function series({ where = [], views = [], totalUnder, bornBeside = [] }: Source, added: string): string {
  return [
    ...where.map(condition),
    ...(totalUnder === undefined ? [] : [`empty \`${totalUnder}\` is the total`]),
    ...(views.length === 0 ? [] : [`highest of ${code(views)}`]),
    added,
    ...(bornBeside.length === 0 ? [] : [`0 beside ${code(bornBeside)}`]),
  ].join('; ');
}

const versions = ({ since, until }: MetricName) => (until === undefined ? `${since} on` : `${since} to ${until}`);
const moments = { live: 'as it happens', end: 'at the end', arrival: 'at arrival' } as const;

function gaugeRows(field: string, source: GaugeSource): string[][] {
  const row = (one: MetricName, how: string) => [field, `\`${one.name}\``, versions(one), 'level', how];
  if (source.read === 'quotient') {
    return [
      ...source.dividend.map((one) => row(one, 'sum; divided by')),
      ...source.divisor.map((one) => row(one, 'sum; divides')),
    ];
  }
  return source.names.map((one) => row(one, series(source, source.read)));
}

/** Field, metric, versions, when it is counted, which series and how they add up. */
function definedRows(engine: Engine): string[][] {
  const { gauges, counters, distributions, fallbacks } = definitions[engine];
  return [
    ...Object.entries(gauges).flatMap(([field, source]) => gaugeRows(field, source)),
    ...[...Object.entries(counters), ...Object.entries(distributions)].flatMap(([field, source]) =>
      source.names.map((one) => [
        field,
        `\`${one.name}\``,
        versions(one),
        moments[source.counted],
        series(source, 'sum'),
      ]),
    ),
    ...Object.entries(fallbacks).flatMap(([field, source]) => gaugeRows(field, source)),
  ];
}

for (const engine of engines) {
  test(`the table of ${headings[engine]} is what the code reads, row by row`, () => {
    expect(rowsOf(engine).map((cells) => cells.slice(0, 5))).toEqual(definedRows(engine));
  });

  test(`each row of ${headings[engine]} says what it counts`, () => {
    expect(rowsOf(engine).filter(([, , , , , note = '']) => note.length < 10)).toEqual([]);
  });

  test(`every name of ${headings[engine]} has the engine's prefix and an order of versions`, () => {
    const { prefix } = definitions[engine];
    for (const [, name, range = ''] of definedRows(engine)) {
      expect(name).toMatch(`\`${prefix}`);
      expect(range).toMatch(/^\d+(?:\.\d+)+ (?:on|to \d+(?:\.\d+)+)$/);
      const [since = '', until] = range.split(/ to | on/);
      if (until !== undefined && until !== '')
        expect(since.localeCompare(until, 'en', { numeric: true })).toBeLessThan(0);
    }
  });
}
