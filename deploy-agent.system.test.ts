/**
 * What deploy/agent says, done: the image's own commands are run on this machine, Prometheus' own tool checks and plays
 * the alert rules, and systemd reads the unit, where it is present.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { parse, stringify } from 'yaml';
import { makeApiKey } from './server/domain/api-keys.ts';
import { agentExpressions } from './testing/agent-monitoring.ts';
import { test } from './testing/plain-test.ts';
import { debianProgram } from './testing/prometheus.ts';

const root = import.meta.dirname;
const run = promisify(execFile);
const textOf = async (name: string) => readFile(join(root, 'deploy/agent', name), 'utf8');
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-agent-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const listAfter = (text: string, word: string) =>
  JSON.parse(new RegExp(`^.*${word} (\\[.*\\])$`, 'm').exec(text)?.[1] ?? '[]') as string[];

test('the image builds its programs, starts as process 1 would, is healthy, and ends in order', async () => {
  const dockerfile = await textOf('Dockerfile');
  const built = join(root, 'server/dist'); // comes and goes as other agents start; no builder is sent it
  await cp(join(root, 'server'), join(folder, 'server'), { recursive: true, filter: (path) => path !== built });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const build = /^RUN (node_modules\/\.bin\/esbuild .*)$/m.exec(dockerfile)?.[1] ?? 'false';
  await run('sh', ['-e', '-c', build], { cwd: folder });
  await mkdir(join(folder, 'image')); // what the second stage copies
  for (const part of ['programs', 'node_modules', 'package.json']) {
    expect(dockerfile).toMatch(new RegExp(`^COPY --from=build /agent/${part} `, 'm'));
    await symlink(join(folder, part), join(folder, 'image', part));
  }
  const key = makeApiKey('all', ['read']);
  const env = { PATH: process.env['PATH'] ?? '', HOST: '0.0.0.0', DATA_DIR: join(folder, 'data'), PORT: '0', API_KEYS: key.entry }; // prettier-ignore
  const [program = '', ...words] = listAfter(dockerfile, 'ENTRYPOINT');
  const agent = spawn(program, words, { cwd: join(folder, 'image'), env, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const [said] = (await once(agent.stdout, 'data')) as [Buffer];
    const [, port = ''] = /^ready pid=\d+ port=(\d+)\n$/.exec(said.toString()) ?? [];
    const [checker = '', ...check] = listAfter(dockerfile, 'HEALTHCHECK.* CMD');
    await run(checker, check, { env: { ...env, PORT: port } });
    await expect(run(checker, check, { env: { ...env, PORT: '9' } })).rejects.toMatchObject({ code: 1 });
    const exited = once(agent, 'exit');
    agent.kill(/^STOPSIGNAL (SIG\w+)$/m.exec(dockerfile)?.[1] as NodeJS.Signals);
    expect(await exited).toEqual([0, null]);
  } finally {
    agent.kill('SIGKILL');
  }
});

/** Those of systemd.unit(5), systemd.service(5) and systemd.exec(5) that the unit uses. */
const directives = new Set([
  'After',
  'CapabilityBoundingSet',
  'Description',
  'DynamicUser',
  'Environment',
  'EnvironmentFile',
  'ExecStart',
  'KillSignal',
  'LockPersonality',
  'MemoryMax',
  'NoNewPrivileges',
  'PrivateDevices',
  'PrivateTmp',
  'ProtectClock',
  'ProtectControlGroups',
  'ProtectHome',
  'ProtectHostname',
  'ProtectKernelLogs',
  'ProtectKernelModules',
  'ProtectKernelTunables',
  'ProtectProc',
  'ProtectSystem',
  'Restart',
  'RestartPreventExitStatus',
  'RestartSec',
  'RestrictAddressFamilies',
  'RestrictNamespaces',
  'RestrictRealtime',
  'RestrictSUIDSGID',
  'StartLimitBurst',
  'StartLimitIntervalSec',
  'StateDirectory',
  'StateDirectoryMode',
  'SystemCallArchitectures',
  'SystemCallFilter',
  'TimeoutStopSec',
  'Type',
  'UMask',
  'WantedBy',
  'Wants',
  'WorkingDirectory',
]);

test('the unit has directives that systemd knows, and systemd reads it without a complaint where it is', async () => {
  const unit = await textOf('playload-agent.service');
  const named = [...unit.matchAll(/^([A-Za-z]+)=/gm)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !directives.has(name))).toEqual([]);
  const has = await run('systemd-analyze', ['--version']).then(() => true, () => false); // prettier-ignore
  if (!has) return;
  const verify = async (text: string) => {
    const file = join(folder, 'playload-agent.service');
    await writeFile(file, text.replaceAll('/usr/bin/node', process.execPath));
    return run('systemd-analyze', ['verify', '--man=no', file]).then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: unknown) => String((error as { stderr?: string }).stderr),
    );
  };
  const about = (said: string) => said.split('\n').filter((line) => line.includes('playload-agent'));
  expect(about(await verify(unit))).toEqual([]);
  expect(about(await verify(unit.replace('ProtectSystem=strict', 'ProtectSystems=strict')))).not.toEqual([]);
});

/** Each alert: series by the minute that raise it at a moment, and the same with which it is silent. */
const min = 'x600';
const job = 'job="playload-agent",instance="a"';
const cases: Readonly<Record<string, { at: string; raised: Record<string, string>; silent: Record<string, string> }>> =
  {
    // prettier-ignore
    AgentDown: { at: '5m', raised: { [`up{${job}}`]: `0${min}` }, silent: { [`up{${job}}`]: `1${min}` } },
    AgentDatabaseNotWritable: { at: '3m', raised: { [`agent_database_writable{${job}}`]: `0${min}` }, silent: { [`agent_database_writable{${job}}`]: `0 1${min}` } }, // prettier-ignore
    AgentScrapesFailing: {
      at: '30m',
      raised: { [`agent_scrape_duration_seconds_count{${job},engine="vllm",outcome="ok"}`]: `0+1${min}`, [`agent_scrape_duration_seconds_count{${job},engine="vllm",outcome="ScrapeError"}`]: `0+3${min}` }, // prettier-ignore
      silent: { [`agent_scrape_duration_seconds_count{${job},engine="vllm",outcome="ok"}`]: `0+3${min}`, [`agent_scrape_duration_seconds_count{${job},engine="vllm",outcome="ScrapeError"}`]: `0+1${min}` }, // prettier-ignore
    },
    AgentScrapesWaiting: { at: '10m', raised: { [`agent_scrapes_waiting{${job}}`]: `64${min}` }, silent: { [`agent_scrapes_waiting{${job}}`]: `10${min}` } }, // prettier-ignore
    AgentApprovalWaits: { at: '300m', raised: { [`agent_workflows_oldest_seconds{${job},status="awaiting_approval"}`]: `0+60${min}` }, silent: { [`agent_workflows_oldest_seconds{${job},status="awaiting_approval"}`]: `3600${min}` } }, // prettier-ignore
    AgentChangeInconclusive: { at: '70m', raised: { [`agent_workflows_oldest_seconds{${job},status="inconclusive"}`]: `0+60${min}` }, silent: { [`agent_workflows_oldest_seconds{${job},status="awaiting_approval"}`]: `4000${min}` } }, // prettier-ignore
    AgentWorkflowStuck: { at: '400m', raised: { [`agent_workflows_oldest_seconds{${job},status="observing"}`]: `0+60${min}` }, silent: { [`agent_workflows_oldest_seconds{${job},status="inconclusive"}`]: `0+60${min}` } }, // prettier-ignore
    AgentWorkflowsFailed: { at: '30m', raised: { [`agent_workflows{${job},status="failed"}`]: `0x10 1${min}` }, silent: { [`agent_workflows{${job},status="failed"}`]: `7${min}` } }, // prettier-ignore
    AgentEventLoopLate: { at: '10m', raised: { [`agent_event_loop_delay_p99_seconds{${job}}`]: `0.4${min}` }, silent: { [`agent_event_loop_delay_p99_seconds{${job}}`]: `0.02${min}` } }, // prettier-ignore
    AgentRefuses: { at: '30m', raised: { [`agent_requests_refused_total{${job},reason="overload"}`]: `0+600${min}` }, silent: { [`agent_requests_refused_total{${job},reason="overload"}`]: `0+6${min}` } }, // prettier-ignore
    AgentAnswersWithErrors: {
      at: '20m',
      raised: { [`agent_http_request_duration_seconds_count{${job},status="200"}`]: `0+90${min}`, [`agent_http_request_duration_seconds_count{${job},status="503"}`]: `0+10${min}` }, // prettier-ignore
      silent: { [`agent_http_request_duration_seconds_count{${job},status="200"}`]: `0+90${min}`, [`agent_http_request_duration_seconds_count{${job},status="404"}`]: `0+90${min}` }, // prettier-ignore
    },
    AgentRestarts: { at: '20m', raised: { [`process_start_time_seconds{${job}}`]: '0 0 60 60 120 120 180x100' }, silent: { [`process_start_time_seconds{${job}}`]: `0 60${min}` } }, // prettier-ignore
  };

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly annotations: Record<string, string> }[] }[]; // prettier-ignore
}

test("Prometheus' own tool takes rules and dashboard, and each alert is raised by its trouble alone", async () => {
  const promtool = await debianProgram('promtool');
  const text = await textOf('alerts.yaml');
  const rules = join(folder, 'alerts.yaml');
  await writeFile(rules, text);
  await run(promtool, ['check', 'rules', rules]);
  const asked = join(folder, 'asked.yaml');
  const records = (await agentExpressions()).map(({ expression }, at) => ({ record: `asked:${at}`, expr: expression }));
  await writeFile(asked, stringify({ groups: [{ name: 'asked', rules: records }] }));
  await run(promtool, ['check', 'rules', asked]);

  const alerts = (parse(text) as Rules).groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  expect(alerts).toEqual(Object.keys(cases));
  const elsewhere = { promtool, rules, alert: 'AgentDown', at: '5m', series: { 'up{job="another"}': `1${min}` } };
  expect(await firing(elsewhere), 'no agent is left to ask').toBe('fires');
  for (const alert of alerts) {
    for (const outcome of ['raised', 'silent'] as const) {
      const { at, [outcome]: series } = cases[alert] ?? { at: '', raised: {}, silent: {} };
      const said = await firing({ promtool, rules, alert, at, series });
      expect([alert, said], `${alert} is ${outcome}`).toEqual([alert, outcome === 'raised' ? 'fires' : 'silent']);
    }
  }
});

interface Played {
  readonly promtool: string;
  readonly rules: string;
  readonly alert: string;
  readonly at: string;
  readonly series: Readonly<Record<string, string>>;
}

/** promtool compares with what is expected: an alert that is expected not to be there and is shows in its complaint. */
async function firing({ promtool, rules, alert, at, series }: Played): Promise<string> {
  const file = join(folder, `${alert}.yaml`);
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const tests = [{ interval: '1m', input_series: input, alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: [] }] }]; // prettier-ignore
  await writeFile(file, stringify({ rule_files: [rules], evaluation_interval: '1m', tests }));
  return run(promtool, ['test', 'rules', file]).then(
    () => 'silent',
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return /got:\[\s*0?:?\s*Labels/.test(stdout + stderr) ? 'fires' : stdout + stderr;
    },
  );
}
