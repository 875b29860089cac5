import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { makeApiKey } from './domain/api-keys.ts';
import { environmentNames, EnvironmentError, readEnvironment } from './environment.ts';

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    readEnvironment(source);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

test('nothing set gives an agent on loopback that keeps its data in a folder', () => {
  const { PORT, HOST, DATA_DIR, DATABASE_URL, API_KEYS } = readEnvironment({});
  expect({ PORT, HOST, DATA_DIR, DATABASE_URL, API_KEYS }).toEqual({
    PORT: 8002,
    HOST: '127.0.0.1',
    DATA_DIR: 'data',
    DATABASE_URL: undefined,
    API_KEYS: [],
  });
});

test('a variable that is set to nothing counts as not set', () => {
  expect(readEnvironment({ PORT: '' }).PORT).toBe(8002);
});

const cases: { source: Record<string, string>; problem: string }[] = [
  { source: { PORT: 'abc' }, problem: '`PORT` must be an integer from 0 to 65535, got `abc`' },
  { source: { PORT: '65536' }, problem: '`PORT` must be an integer from 0 to 65535, got `65536`' },
  { source: { PORT: '-1' }, problem: '`PORT` must be an integer from 0 to 65535, got `-1`' },
  { source: { PORT: '1e3' }, problem: '`PORT` must be an integer from 0 to 65535, got `1e3`' },
  { source: { LOG_LEVEL: 'loud' }, problem: '`LOG_LEVEL` must be one of trace, debug, info, warn, error, fatal, silent, got `loud`' }, // prettier-ignore
  { source: { DATABASE_URL: 'mysql://root:secret@db' }, problem: '`DATABASE_URL` must be a URL that begins with postgres:// or postgresql://, got a value that is not shown' }, // prettier-ignore
  { source: { METRICS_HOSTS: 'a,b c' }, problem: '`METRICS_HOSTS` must be a list of hosts, but `b c` is none: expected a name, `*.name`, an address or a network, with or without a port, got `a,b c`' }, // prettier-ignore
  { source: { HOST: 'agent:8002' }, problem: '`HOST` must be a host name or an address, got `agent:8002`' },
  { source: { ADVERTISED_HOST: 'http://agent' }, problem: '`ADVERTISED_HOST` must be a host name or an address, got `http://agent`' }, // prettier-ignore
  { source: { HOSTS: 'agent.example,*' }, problem: '`HOSTS` must be a list of hosts, but `*` is none: expected a name, `*.name`, an address or a network, with or without a port, got `agent.example,*`' }, // prettier-ignore
  { source: { OPEN_SCOPES: 'read,write' }, problem: '`OPEN_SCOPES` must be a list of scopes out of `read,operate,approve,skip_approval`, got `read,write`' }, // prettier-ignore
  { source: { EVENT_STREAMS_PER_KEY: '0' }, problem: '`EVENT_STREAMS_PER_KEY` must be an integer from 1 to 100000, got `0`' }, // prettier-ignore
  { source: { API_KEYS: 'nonsense' }, problem: '`API_KEYS` must be a list of `name:scopes:sha256` with scopes like `read+operate+approve+skip_approval`, and no name `anonymous`, got a value that is not shown' }, // prettier-ignore
];
for (const { source, problem } of cases) {
  test(`${JSON.stringify(source)} is explained`, () => {
    expect(problemsOf(source)).toEqual([problem]);
  });
}

test('all problems are told at once', () => {
  expect(problemsOf({ PORT: 'x', CLOCK_FACTOR: '0', WEBHOOK_URL: 'ftp://x' })).toHaveLength(3);
});

test('without keys the agent stays on loopback', () => {
  for (const HOST of ['0.0.0.0', '::', '10.0.0.1', '127.evil.example', '127.1', 'localhost.evil.example'])
    expect(problemsOf({ HOST })[0], HOST).toContain('`HOST` must be a loopback address');
  for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(problemsOf({ HOST }), HOST).toEqual([]);
  expect(problemsOf({ HOST: '0.0.0.0', API_KEYS: makeApiKey('a', ['read']).entry })).toEqual([]);
});

test('by default nobody changes an engine without approval', () => {
  expect([...readEnvironment({}).OPEN_SCOPES]).toEqual(['read', 'operate', 'approve']);
});

test('a webhook is signed or not there', () => {
  expect(problemsOf({ WEBHOOK_URL: 'http://127.0.0.1/rollout' })[0]).toContain('must be set together');
});

test('the documentation has every variable, and its default', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'agent-operation.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| (.*?) \|/gm)];
  const documented = new Map(rows.flatMap(([, names = '', value = '']) => names.split(', ').map((name) => [name.slice(1, -1), value]))); // prettier-ignore
  expect([...documented.keys()].sort()).toEqual([...environmentNames].sort());
  for (const [name, value] of Object.entries(readEnvironment({}))) {
    if (typeof value === 'string' || typeof value === 'number') expect(documented.get(name), name).toBe(String(value));
  }
});
