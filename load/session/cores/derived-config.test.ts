import { expect } from '@playwright/test';
import type { PlaywrightTestConfig } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { derivedConfig } from './derived-config.ts';
import type { NestedSettings } from './nested-settings.ts';

const bare: NestedSettings = {
  port: 1,
  token: 't',
  firstCore: 2,
  workers: 3,
  shard: { index: 0, of: 1 },
  rootDir: '/suite/specs',
  outputDir: '/tmp/out',
  project: { name: 'load', at: 1, testDir: '/suite/specs/load', snapshotDir: '/suite/shots' },
  attempt: { retry: 0, repeatEachIndex: 0 },
  test: { titlePath: ['a.spec.ts', 'a'], line: 1, column: 1 },
};

const settings: NestedSettings = { ...bare, configFile: '/suite/playwright.config.ts', baseURL: 'http://a.test' };

const users: PlaywrightTestConfig = {
  testDir: './specs',
  tsconfig: './tsconfig.specs.json',
  retries: 2,
  workers: 7,
  maxFailures: 1,
  forbidOnly: true,
  grep: /nothing/,
  webServer: { command: 'serve', port: 1 },
  globalSetup: './setup.ts',
  globalTeardown: './teardown.ts',
  reporter: 'html',
  shard: { current: 1, total: 2 },
  use: { locale: 'de-DE', trace: 'on' },
  expect: { timeout: 7 },
  projects: [
    { name: 'setup' },
    {
      name: 'load',
      dependencies: ['setup'],
      teardown: 'setup',
      retries: 1,
      repeatEach: 5,
      testMatch: /spec/,
      use: { userAgent: 'u', baseURL: 'http://other.test' },
    },
  ],
};

test('the further cores run one project, without what was done for all', () => {
  expect(derivedConfig(users, settings, '/reporter.ts')).toEqual({
    testDir: '/suite/specs',
    tsconfig: '/suite/tsconfig.specs.json',
    outputDir: '/tmp/out',
    expect: { timeout: 7 },
    use: users.use,
    retries: 0,
    repeatEach: 3,
    timeout: 0,
    fullyParallel: true,
    workers: 3,
    forbidOnly: false,
    preserveOutput: 'never',
    updateSnapshots: 'none',
    reporter: [['/reporter.ts']],
    projects: [
      {
        name: 'load',
        testDir: '/suite/specs/load',
        snapshotDir: '/suite/shots',
        testMatch: /spec/,
        outputDir: '/tmp/out',
        retries: 0,
        repeatEach: 3,
        timeout: 0,
        fullyParallel: true,
        use: {
          locale: 'de-DE',
          userAgent: 'u',
          baseURL: 'http://a.test',
          trace: 'off',
          video: 'off',
          screenshot: 'off',
        },
      },
    ],
  });
});

const found = [
  { what: 'at another place', projects: [{ name: 'load', testMatch: 'here' }], match: 'here' },
  {
    what: 'of the same name at its place',
    projects: [{ name: 'load' }, { name: 'load', testMatch: 'second' }],
    match: 'second',
  },
  { what: 'that is the whole configuration', projects: [], match: undefined },
];
for (const { what, projects, match } of found) {
  test(`a project ${what} is found`, () => {
    expect(derivedConfig({ projects }, settings, 'r').projects?.[0]).toMatchObject(
      match === undefined ? { name: 'load' } : { name: 'load', testMatch: match },
    );
  });
}

test('a project that is gone when the configuration is read again is named', () => {
  expect(() => derivedConfig({ projects: [{ name: 'other' }] }, settings, 'r')).toThrow(
    'the configuration has no project `load` when it is read again',
  );
});

test('without a configuration there are defaults', () => {
  expect(derivedConfig({}, bare, 'r').projects?.[0]?.use).toEqual({ trace: 'off', video: 'off', screenshot: 'off' });
});
