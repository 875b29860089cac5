import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyRunData } from './run-data.ts';
import { EndpointRows } from './endpoint-rows.ts';
import type { HttpSample } from './samples/http.ts';

type Answer = {
  readonly url?: string;
  readonly status?: number | undefined;
  readonly headers?: Record<string, string>;
};

function versionsOf(answers: readonly Answer[], header?: string) {
  let asked = 0;
  const rows = new EndpointRows(
    emptyRunData({ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'warn' }).endpoints,
    [],
    header,
  );
  for (const { headers = {}, ...answer } of answers)
    rows.of({
      ...({ kind: 'http', method: 'GET', url: 'http://a.test/x', name: undefined, status: 200 } as HttpSample),
      ...answer,
      answerHeader: (name: string) => ((asked += 1), headers[name]),
    });
  return { versions: rows.versions, asked };
}

const rows: readonly {
  readonly say: string;
  readonly answers: readonly Answer[];
  readonly header?: string;
  readonly versions: object | undefined;
}[] = [
  { say: 'nothing', answers: [{}], versions: undefined },
  { say: 'its server alone', answers: [{ headers: { server: 'nginx' } }], versions: { 'http://a.test': 'nginx' } },
  {
    say: 'its version before its server',
    answers: [{ headers: { server: 'nginx', 'x-version': '1.2' } }],
    versions: { 'http://a.test': '1.2' },
  },
  {
    say: 'a header of its own',
    answers: [{ headers: { 'x-build': '77', 'x-version': '1.2' } }],
    header: 'x-build',
    versions: { 'http://a.test': '77' },
  },
  {
    say: 'one of each server',
    answers: [{ headers: { server: 'a' } }, { url: 'http://b.test/y', headers: { server: 'b' } }],
    versions: { 'http://a.test': 'a', 'http://b.test': 'b' },
  },
  {
    say: 'its version once it answers',
    answers: [{ status: undefined }, { status: undefined }, { headers: { server: 'a' } }],
    versions: { 'http://a.test': 'a' },
  },
  {
    say: 'its version in a plain line without secrets',
    answers: [{ headers: { server: 'a\u001b[31m\tb password=hunter2' } }],
    versions: { 'http://a.test': 'a b password=***' },
  },
];
for (const { say, answers, header, versions } of rows)
  test(`a server that tells ${say} has ${JSON.stringify(versions)}`, () => {
    expect(versionsOf(answers, header).versions).toEqual(versions);
  });

test('of a thousand answers alike one is asked', () => {
  const answers = Array.from({ length: 1_000 }, () => ({ headers: { 'x-app-version': '1' } }));
  expect(versionsOf(answers)).toEqual({ versions: { 'http://a.test': '1' }, asked: 1 });
});

test('a server that never answers is not asked for ever', () => {
  expect(versionsOf(Array.from({ length: 1_000 }, () => ({ status: undefined }))).asked).toBeLessThan(1_000);
});
