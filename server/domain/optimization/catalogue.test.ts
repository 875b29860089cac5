/** Holds `docs/agent-engines.md` to the catalogue and the remedies, and these to the page. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { ruleIdSchema } from '../analysis/finding.ts';
import type { Engine } from '../engines/engine.ts';
import { catalogue, findFlag } from './catalogue.ts';
import type { Flag, Takes, Unset } from './flag.ts';
import { remedies } from './plan.ts';
import type { Remedy } from './remedy.ts';

const page = readFileSync(new URL('../../../docs/agent-engines.md', import.meta.url), 'utf8');

/** The rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[] {
  const [, flags = ''] = page.split('\n## Flags\n');
  const [, section] = flags.split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`docs/agent-engines.md has no heading \`${heading}\``);
  const [before = ''] = section.split(/\n#/);
  return before
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

const code = (text: number | boolean | string) => `\`${String(text)}\``;
const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function flagRow({ name, aliases = [], takes, unset, special = [], since, until, source }: Flag): string {
  return row(
    [name, ...aliases].map(code).join(', '),
    taken(takes),
    leftOut(unset),
    special.map(({ value, means }) => `${code(value)}: ${means}`).join('; '),
    [since === undefined ? '' : `from ${since}`, until === undefined ? '' : `to ${until}`].join(''),
    source,
  );
}

const suffixed = { letters: ', also `32k`', units: ', also `1M` or `1Mi`' } as const;

function taken(takes: Takes): string {
  switch (takes.kind) {
    case 'integer':
      return `a whole number from ${takes.min}${takes.suffixes === undefined ? '' : suffixed[takes.suffixes]}`;
    case 'number':
      return `${takes.above === true ? 'above' : 'from'} ${takes.min}${takes.max === undefined ? '' : ` to ${takes.max}`}`;
    case 'switch':
      return takes.negated === true ? 'a switch, `--no-…` puts it off' : 'a switch, off by being left out';
    case 'choice':
      return takes.values.map(code).join(', ');
    case 'text':
      return 'text';
  }
}

function leftOut(unset: Unset): string {
  switch (unset.kind) {
    case 'fixed':
      return code(unset.value);
    case 'varies':
      return unset.how;
    case 'nothing':
      return `nothing: ${unset.means}`;
  }
}

const headings = { vllm: '### vLLM', sglang: '### SGLang', tgi: '### TGI' } as const satisfies Record<Engine, string>;
const engines = Object.keys(headings) as Engine[];

for (const engine of engines) {
  test(`the page has the flags of ${engine} as the catalogue has them`, () => {
    expect(rowsBelow(headings[engine])).toEqual(catalogue[engine].map(flagRow));
  });
}

function remedyCell(engine: Engine, rule: string): string {
  const named = (kind: Remedy['kind'], lead: string) => {
    const flags = remedies[engine].filter(
      (remedy) => remedy.kind === kind && (remedy.rules as string[]).includes(rule),
    );
    return flags.length === 0 ? [] : [lead + flags.map(({ flag }) => code(flag)).join(', ')];
  };
  return [...named('set', ''), ...named('scale', 'hardware: '), ...named('evaluate', 'aside: ')].join('; ');
}

test('the page has what the plan turns for each rule', () => {
  const rules = ruleIdSchema.options.filter((rule) => engines.some((engine) => remedyCell(engine, rule) !== ''));
  expect(rowsBelow('### What is turned')).toEqual(
    rules.map((rule) => row(code(rule), ...engines.map((engine) => remedyCell(engine, rule)))),
  );
});

test('the rules for which nothing is turned are named', () => {
  const rules = ruleIdSchema.options.filter((rule) => engines.every((engine) => remedyCell(engine, rule) === ''));
  const [, section = ''] = page.split('\n### What is turned\n');
  for (const rule of rules) expect(section).toContain(code(rule));
});

test('what the plan turns is in the catalogue, and has a page where it is documented', () => {
  for (const engine of engines)
    for (const { flag, reference, risk } of remedies[engine]) {
      expect(findFlag(engine, flag)?.name, `${engine} ${flag}`).toBe(flag);
      expect(new URL(reference).protocol).toBe('https:');
      expect(risk).not.toBe('');
    }
});

test('no engine reads a flag while it runs, as the page says', () => {
  for (const engine of engines) expect(catalogue[engine].filter(({ restart }) => !restart)).toEqual([]);
  expect(page).toContain('Each is read at the start of the engine only');
});
