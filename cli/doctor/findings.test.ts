/** Each way in which a set-up is amiss, and the one that is not: what the doctor says of it, and how bad it finds it. */
import { expect, test } from '@playwright/test';
import type { SeenConfig, SeenProject } from '../seen-config.ts';
import { configurationFindings, type Override } from './configuration.ts';
import type { Finding } from './finding.ts';
import { machineFindings, type MachineReadings } from './machine.ts';
import { freeMbOf, openFilesOf } from './read-machine.ts';
import { satisfies } from './version.ts';

const load: SeenProject = { name: 'load', hasTestIgnore: false, isLoad: true, workers: 1, retries: 0, use: {} };
const well: SeenConfig = {
  hasTestIgnore: false,
  isLoad: false,
  use: {},
  webServers: [],
  reporters: [
    { name: 'list', isLoadReporter: false },
    { name: 'playload/reporter', isLoadReporter: true },
    { name: 'html', isLoadReporter: false },
  ],
  projects: [load],
};
const html = { name: 'html', isLoadReporter: false };
const ours = { name: 'playload/reporter', isLoadReporter: true };
const { reporters, projects, ...bare } = well;
const override: Override = { where: 'the script `test`', line: 'playwright test --reporter=dot' };

interface ConfigurationCase {
  readonly what: string;
  readonly seen: SeenConfig;
  readonly overrides?: readonly Override[];
  /** State and the beginning of what is said, of each that is not fine. */
  readonly amiss: readonly string[];
}

const configurations: readonly ConfigurationCase[] = [
  { what: 'all well', seen: well, amiss: [] },
  {
    what: 'no reporter at all',
    seen: { ...bare, ...(projects && { projects }) },
    amiss: ['bad reporter: `playload/reporter` is not listed'],
  },
  {
    what: 'another reporter alone',
    seen: { ...well, reporters: [html] },
    amiss: ['bad reporter: `playload/reporter` is not listed'],
  },
  {
    what: 'the reporter after html',
    seen: { ...well, reporters: [html, ours] },
    amiss: ['note reporter: `html` comes before it'],
  },
  {
    what: 'a script with a reporter of its own',
    seen: well,
    overrides: [override],
    amiss: ['note reporter: the script `test` says `playwright test --reporter=dot`'],
  },
  {
    what: 'no load project',
    seen: { ...bare, ...(reporters && { reporters }) },
    amiss: ['bad load project: there is none'],
  },
  {
    what: 'no load project, and one worker for all',
    seen: { ...bare, ...(reporters && { reporters }), workers: 1 },
    amiss: ['note load project: there is none'],
  },
  {
    what: 'several workers',
    seen: { ...well, projects: [{ ...load, workers: 4, fullyParallel: true }] },
    amiss: ['bad load project: `load` runs its tests on 4 workers, those of one file too'],
  },
  {
    what: 'as many workers as Playwright likes',
    seen: { ...well, projects: [{ name: 'load', hasTestIgnore: false, isLoad: true, use: {} }] },
    amiss: ['bad load project: `load` runs its tests on several workers'],
  },
  {
    what: 'retries of all projects',
    seen: {
      ...well,
      retries: 2,
      projects: [{ name: 'load', hasTestIgnore: false, isLoad: true, workers: 1, use: {} }],
    },
    amiss: ['note load project: `load` has `retries: 2`'],
  },
  {
    what: 'a limit on the whole run',
    seen: { ...well, globalTimeoutMs: 60_000 },
    amiss: ['note time limits: `globalTimeout` ends the whole run after 60 s'],
  },
  {
    what: 'a short limit on each action',
    seen: { ...well, use: { actionTimeoutMs: 200 } },
    amiss: ['note time limits: `actionTimeout` is 200 ms'],
  },
];

const amissOf = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state !== 'fine').map(({ state, name, says }) => `${state} ${name}: ${says}`);

function expectAmiss(findings: readonly Finding[], amiss: readonly string[]): void {
  const found = amissOf(findings);
  expect(found).toHaveLength(amiss.length);
  amiss.forEach((each, at) => expect(found[at]).toContain(each));
  for (const { state, advice } of findings) expect(advice === undefined).toBe(state === 'fine');
}

for (const { what, seen, overrides = [], amiss } of configurations) {
  test(`a configuration with ${what}: ${amiss.join(', ') || 'nothing amiss'}`, () => {
    expectAmiss(configurationFindings({ seen, overrides }), amiss);
  });
}

const besideCases: readonly { what: string; others: readonly Partial<SeenProject>[]; own?: object; beside?: string }[] =
  [
    { what: 'alone', others: [] },
    { what: 'with another', others: [{ name: 'e2e' }], beside: '`e2e` may run beside it' },
    { what: 'after another', others: [{ name: 'e2e' }], own: { dependencies: ['e2e'] } },
    {
      what: 'after another that has a setup, beside a third',
      others: [{ name: 'setup' }, { name: 'e2e', dependencies: ['setup'] }, { name: 'a11y' }],
      own: { dependencies: ['e2e'] },
      beside: '`a11y` may run beside it',
    },
    { what: 'before another', others: [{ name: 'report', dependencies: ['load'] }] },
  ];
for (const { what, others, own = {}, beside } of besideCases) {
  test(`a load project ${what} is measured ${beside === undefined ? 'by itself' : `while ${beside}`}`, () => {
    const project = { hasTestIgnore: false, isLoad: false, use: {}, name: '' };
    const seen = { ...well, projects: [...others.map((each) => ({ ...project, ...each })), { ...load, ...own }] };
    const said = configurationFindings({ seen, overrides: [] }).filter(({ says }) => says.includes('beside'));
    expect(said.map(({ says }) => says.slice(says.indexOf('without it, ') + 12))).toEqual(
      beside === undefined ? [] : [beside],
    );
  });
}

test('projects that run beside the load project are named, one without a name and what is left over too', () => {
  const others = ['', 'a', 'b', 'c'].map((name) => ({ name, hasTestIgnore: true, isLoad: false, use: {} }));
  const seen = { ...well, projects: [load, ...others] };
  const says = configurationFindings({ seen, overrides: [] }).map((each) => each.says);
  expect(says).toContainEqual(
    expect.stringContaining('without it, the project without a name, `a`, `b` and 1 more may run beside it'),
  );
});

const quiet: MachineReadings = {
  cores: { count: 4, ofMachine: 4 },
  latenessMs: Array.from({ length: 200 }, () => 0.1),
  openFiles: 65_536,
  freeMb: 8_000,
  governor: 'performance',
  busyCores: 0.2,
};
const machines: readonly { what: string; readings: Partial<MachineReadings>; amiss: readonly string[] }[] = [
  { what: 'quiet', readings: {}, amiss: [] },
  {
    what: 'with one core by its quota',
    readings: { cores: { count: 1, ofMachine: 8, limit: 'CPU quota of 1.5' } },
    amiss: ['note cores: 1 of 8 (CPU quota of 1.5) may be used'],
  },
  {
    what: 'with late timers',
    readings: { latenessMs: Array.from({ length: 200 }, (_, at) => (at < 4 ? 25 : 0.1)) },
    amiss: ['note timers: a timer of 1 ms is late by 0.10 ms, 25.00 ms at p99'],
  },
  {
    what: 'with few open files',
    readings: { openFiles: 1_024 },
    amiss: ['note open files: at most 1024 at once, and a load may open 1,000 connections'],
  },
  { what: 'with hardly any open files', readings: { openFiles: 64 }, amiss: ['bad open files: at most 64 at once'] },
  { what: 'short of memory', readings: { freeMb: 200 }, amiss: ['note memory: only 200 MB are free'] },
  { what: 'that saves power', readings: { governor: 'powersave' }, amiss: ['note CPU: its governor is `powersave`'] },
  { what: 'at work', readings: { busyCores: 3 }, amiss: ['note other work: about 3.0 of 4 cores were busy'] },
];
for (const { what, readings, amiss } of machines) {
  test(`a machine ${what}: ${amiss.join(', ') || 'nothing amiss'}`, () => {
    expectAmiss(machineFindings({ readings: { ...quiet, ...readings }, connections: 1_000 }), amiss);
  });
}

const ranges = [
  { version: '20.19.0', range: '>=20.19', is: true },
  { version: '20.18.3', range: '>=20.19', is: false },
  { version: '1.65.1', range: '>=1.58.0 <2', is: true },
  { version: '2.0.0', range: '>=1.58.0 <2', is: false },
  { version: '2.0.0-alpha.1', range: '>=1.58.0 <2', is: false }, // of the release to come
  { version: '1.9.9', range: '^1.10.0 || ~1.9.2', is: true },
  { version: '1.8.9', range: '^1.10.0 || ~1.9.2', is: false },
  { version: '1.2.3', range: '*', is: true },
];
for (const { version, range, is } of ranges) {
  test(`${version} is ${is ? '' : 'not '}in ${range}`, () => {
    expect(satisfies(version, range)).toBe(is);
  });
}

test('open files are read as the kernel writes them', () => {
  expect(
    openFilesOf(
      'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n',
    ),
  ).toBe(1_024);
  expect(openFilesOf('Max open files            unlimited            unlimited            files\n')).toBe(Infinity);
  expect(openFilesOf(undefined)).toBeUndefined();
});

test('free memory is that of the machine, or what the cgroup leaves', () => {
  const meminfo = 'MemTotal:       16000000 kB\nMemAvailable:    2048000 kB\n';
  expect(freeMbOf(meminfo, undefined, undefined)).toBe(2_000);
  expect(freeMbOf(meminfo, 'max\n', '1048576\n')).toBe(2_000);
  expect(freeMbOf(meminfo, `${2 ** 29}\n`, `${2 ** 28}\n`)).toBe(256);
});
