/** A row has one name, whoever shows it: no surface says it otherwise, and none obeys it. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { entryName, longestName } from '../load/measure/entry-name.ts';
import { encodeRun, type RunPayload } from '../load/measure/payload.ts';
import { decodeRun } from '../load/measure/decode-run.ts';
import type { Summary } from '../load/measure/summary.ts';
import { anyCharacter } from '../testing/any-character.ts';
import { test } from '../testing/plain-test.ts';
import { recordRun, reportedRun, summaryOfRuns } from '../testing/recorded-run.ts';
import { headlines } from './annotations/headlines.ts';
import { otlpRequests } from './export/otlp-metrics.ts';
import { prometheusText } from './export/prometheus-text.ts';
import { embeddedJson } from './html/page-shell.ts';
import { type RunView, viewOfRun } from './html/run-view.ts';
import { renderJobSummary } from './markdown/job-summary.ts';
import { markdownText } from './markdown/markdown-text.ts';
import { plainPaint } from './terminal/paint.ts';
import { renderSummary } from './terminal/summary-lines.ts';

/** What each surface says of a run of one row. `printed` is what a person or a log reads. */
function surfacesOf(given: { readonly name?: string; readonly path: string }) {
  const thresholds = [
    {
      scope: { kind: 'endpoint' as const, name: entryName(given.name ?? '') },
      metric: 'p95',
      target: { comparison: '<' as const, value: 50, text: '< 50ms' },
    },
  ];
  const data = recordRun({
    requests: [
      { ...given, ms: 10 },
      { ...given, ms: 20, status: 503 },
    ],
    thresholds,
  });
  const run = reportedRun(data);
  const summary = summaryOfRuns([run]);
  const written = JSON.parse(JSON.stringify(summary)) as Summary;
  const attached = decodeRun(JSON.parse(JSON.stringify(encodeRun(data))) as RunPayload);
  const page = embeddedJson(viewOfRun(run));
  const terminal = renderSummary(
    { runs: [run], summary, files: [], detail: 'full' },
    { width: 600, paint: plainPaint },
  );
  const markdown = renderJobSummary([run], summary);
  const prometheus = prometheusText({ runs: [run] });
  const annotations = headlines(run).map(({ type, description }) => `${type}: ${description}`);
  return {
    names: {
      summary: written.runs[0]?.endpoints[0]?.name,
      errors: written.runs[0]?.errors[0]?.endpoint,
      attachment: [...attached.endpoints.keys()][0],
      page: (JSON.parse(page) as RunView).endpoints[0]?.name,
      otlp: otlpName(otlpRequests({ runs: [run] })),
      prometheus: labelOf(prometheus),
    },
    texts: { terminal, markdown, annotations: annotations.join('\n') },
    page,
    prometheus,
  };
}

function otlpName(metrics: unknown): string | undefined {
  const attributes = new Map<string, string>();
  for (const [, key = '', value = ''] of JSON.stringify(metrics).matchAll(
    /\{"key":"(http\.request\.method|url\.template|playload\.endpoint)","value":\{"stringValue":("(?:[^"\\]|\\.)*")\}\}/g,
  ))
    attributes.set(key, JSON.parse(value) as string);
  const method = attributes.get('http.request.method');
  return attributes.get('playload.endpoint') ?? `${method ?? ''} ${attributes.get('url.template') ?? ''}`;
}

function labelOf(text: string): string | undefined {
  const label = /endpoint="((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return label?.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

/** Says what is wrong with a row, or nothing. */
function wrongWith(name: string, { names, texts, page, prometheus }: ReturnType<typeof surfacesOf>): string[] {
  const obeyed =
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b\u202a-\u202e\u2066-\u2069\ufeff]|^::|##\w*\[/m;
  return [
    ...Object.entries(names).flatMap(([surface, said]) => (said === name ? [] : [`${surface} says ${String(said)}`])),
    ...(texts.terminal.includes(name) ? [] : ['the terminal does not say it']),
    ...(texts.markdown.includes(markdownText(name)) ? [] : ['the job summary does not say it']),
    ...Object.entries(texts).flatMap(([surface, text]) => (obeyed.test(text) ? [`${surface} obeys it`] : [])),
    ...(page.includes('<') ? ['the page has a tag in its data'] : []),
    ...(obeyed.test(prometheus) ? ['Prometheus has a control character'] : []),
  ];
}

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;x\u0007',
        '\u009b2K',
        '\n',
        '\r',
        '\0',
        '\u2028',
        '\u202e',
        '\u200b',
        '\ufeff',
      ),
      fc.constantFrom(
        '</script>',
        '<img src=x onerror=alert(1)>',
        '<!--',
        '&amp;',
        '"',
        "'",
        '\\',
        '`',
        '|',
        '*',
        '_',
        '$',
        '{{',
      ),
      fc.constantFrom(
        '::error::',
        '##[error]',
        '##vso[',
        '=1+1',
        'password=secret',
        'GET /',
        'POST /graphql query A',
        ' ',
      ),
      fc.constantFrom('straße', '日本', '🛒', 'שלום', 'a', 'x'.repeat(80)),
      fc.string({ unit: anyCharacter, maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

test('property: a name that was given is one plain name on every surface', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const kept = entryName(name);
      const surfaces = surfacesOf({ name, path: '/a' });
      const wrong = [
        ...wrongWith(kept, surfaces),
        ...(surfaces.texts.annotations.includes(`${kept} p95`) ? [] : ['none']),
      ];
      // One `expect` is a step with a stack: hundreds of them take seconds.
      if (wrong.length > 0 || kept.length > longestName) throw new Error(JSON.stringify({ name, kept, wrong }));
    }),
    { numRuns: 200 },
  );
});

test('property: a path is one plain name on every surface', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const path = `/a/${encodeURIComponent(text)}`;
      const surfaces = surfacesOf({ path });
      const { summary = '' } = surfaces.names;
      const wrong = wrongWith(summary, surfaces);
      if (wrong.length > 0 || !summary.startsWith('GET /a/')) throw new Error(JSON.stringify({ path, summary, wrong }));
    }),
    { numRuns: 200 },
  );
});

const told = [
  { path: '/straße/7', name: 'GET /straße/:id' },
  { path: '/a%2Fb%3F%0A', name: 'GET /a%2Fb%3F%0A' },
  { path: '/a', given: 'POST /graphql query Orders', name: 'POST /graphql query Orders' },
  { path: '/a', given: '\u001b[2J', name: '(unnamed)' },
];
for (const { path, given, name } of told)
  test(`${given === undefined ? path : JSON.stringify(given)} is ${name} on every surface`, () => {
    const { names } = surfacesOf({
      path: new URL(path, 'http://h').pathname,
      ...(given !== undefined && { name: given }),
    });
    expect(names).toEqual({
      summary: name,
      errors: name,
      attachment: name,
      page: name,
      otlp: name,
      prometheus: name,
    });
  });
