import { expect } from '@playwright/test';
import { OptionsError } from '../load/options-error.ts';
import { test } from '../testing/plain-test.ts';
import { defaultReporterOptions, refuseUnknown, resolveOptions } from './options.ts';

test('without options there are defaults', () => {
  expect(resolveOptions({ configDir: '/x', _mode: 'test', _commandHash: 'h', html: undefined })).toEqual(
    defaultReporterOptions,
  );
});

test('what is given stands beside the defaults', () => {
  const given = {
    terminal: 'full',
    baseline: 'main.json',
    dashboard: { port: 0 },
    exports: { csv: true, otlp: 'http://h/v1' },
  };
  expect(resolveOptions(given)).toEqual({ ...defaultReporterOptions, ...given });
});

const wrong = [
  { given: { outputFolder: '' }, problem: '`outputFolder` must be a text that is not empty, got ""' },
  { given: { html: 'yes' }, problem: '`html` must be `true` or `false`, got "yes"' },
  { given: { terminal: 'loud' }, problem: '`terminal` must be one of `auto`, `full`, `compact`, `off`, got "loud"' },
  {
    given: { dashboard: { port: 70_000 } },
    problem: '`dashboard` must be `true`, `false` or `{ port }` with a port from 0 to 65535, got {"port":70000}',
  },
  { given: { loadProjects: 'load' }, problem: '`loadProjects` must be a list of project names, got "load"' },
  { given: { exports: true }, problem: '`exports` must be an object, got true' },
  {
    given: { exports: { otlp: 'collector:4318' } },
    problem: '`exports.otlp` must be an http(s) URL or `{ url, headers, timeoutMs }`, got "collector:4318"',
  },
  {
    given: { exports: { otlp: { url: 'http://h', timeoutMs: 0 } } },
    problem:
      '`exports.otlp` must be an http(s) URL or `{ url, headers, timeoutMs }`, got {"url":"http://h","timeoutMs":0}',
  },
  {
    given: { exports: { remoteWrite: { url: 'http://h', labels: { '0job': 'x' } } } },
    problem:
      '`exports.remoteWrite` must be an http(s) URL or `{ url, headers, timeoutMs, labels }`, got {"url":"http://h","labels":{"0job":"x"}}',
  },
  {
    given: { exports: { pushgateway: { url: 'http://h', labels: {} } } },
    problem:
      '`exports.pushgateway` must be an http(s) URL or `{ url, headers, timeoutMs }`, got {"url":"http://h","labels":{}}',
  },
  { given: { exports: { hdr: 1 } }, problem: '`exports.hdr` must be `true`, `false` or a path, got 1' },
  {
    given: { exports: { influx: true } },
    problem:
      '`exports.influx` is no option; there are `exports.otlp`, `exports.prometheus`, `exports.openmetrics`, `exports.pushgateway`, `exports.remoteWrite`, `exports.csv`, `exports.hdr`',
  },
];
for (const { given, problem } of wrong) {
  test(`${JSON.stringify(given)} is refused`, () => {
    expect(problemsOf(given)).toEqual([`load reporter: ${problem}`]);
  });
}

test('all problems are told at once', () => {
  expect(problemsOf({ outputFolder: 1, html: 1, exports: { csv: 2 } })).toHaveLength(3);
});

const ofPlaywright = { configDir: '/x', _mode: 'list', _commandHash: '', onlyFailures: false, _next: {} };
const entries = [
  { what: 'nothing was written', entry: ['/reporter.ts'] },
  { what: 'only known options were', entry: ['/reporter.ts', { html: false }] },
  { what: "another reporter's options were", entry: ['blob', { onlyFailures: false }] },
  {
    what: 'an unknown option was',
    entry: ['/reporter.ts', { html: false, outputFoldr: 'x' }],
    problem: /^load reporter: `outputFoldr` is no option; there are `outputFolder`,/,
  },
] as const;
for (const { what, entry, ...wanted } of entries) {
  test(`whatever Playwright adds is its own business, where ${what}`, () => {
    const given = { ...ofPlaywright, ...entry[1] };
    expect(resolveOptions(given).outputFolder).toBe(defaultReporterOptions.outputFolder);
    const check = () => refuseUnknown(given, [['list'], ['html', {}], entry]);
    if ('problem' in wanted) expect(check).toThrow(wanted.problem);
    else expect(check).not.toThrow();
  });
}

function problemsOf(given: Record<string, unknown>): readonly string[] {
  try {
    resolveOptions(given);
  } catch (error) {
    if (error instanceof OptionsError) return error.problems;
    throw error;
  }
  return [];
}
