/**
 * `npm run demo`: an agent and a fake engine in trouble, and everything between them: the finding with its evidence, the
 * plan, the approval, the rollout, the measured delta. It prints what the API answered; nothing in it is scripted.
 *
 * With `-- --stay` it leaves the decision to you, on the agent's page, and goes on running until it is interrupted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Evidence {
  readonly metric: string;
  readonly value: number;
  readonly compared: { readonly op: string; readonly limit: number } | null;
}
interface Diagnosis {
  readonly score: { readonly value: number | null };
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly explanation: string;
    readonly evidence: readonly Evidence[];
  }[];
}
interface Change {
  readonly flag: string;
  readonly from: unknown;
  readonly to: unknown;
}
interface Figures {
  readonly requests: number;
  readonly ttft_p95_s: number | null;
  readonly tokens_per_s: number | null;
  readonly preemptions_per_s: number | null;
}
interface Workflow {
  readonly id: string;
  readonly status: string;
  readonly changes?: readonly Change[];
  readonly baseline?: Figures;
  readonly observations?: readonly { readonly stage: number; readonly verdict: string; readonly window: Figures }[];
}

const secret = 'a secret between the two';
const say = (text: string) => process.stdout.write(`${text}\n`);
const pauseMs = 200;
/** Longest that any step of the demo may take. */
const patienceMs = 30_000;
/** How long it waits for a person. */
const personMs = 1_800_000;
/** For a program to end in order. */
const endLimitMs = 15_000;

/** Starts one of the agent's programs; resolves with its port when it is ready. */
async function start(
  programs: ChildProcess[],
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(child);
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const port = /ready pid=\d+ port=(\d+)/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`${words.join(' ')} ended before it was ready`);
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  program.kill('SIGTERM');
  const patience = setTimeout(() => program.kill('SIGKILL'), endLimitMs);
  await exited.finally(() => clearTimeout(patience));
}

async function ask<Answer>(url: string, method = 'GET', body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function until<Answer>(
  get: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
  longestMs = patienceMs,
): Promise<Answer> {
  const endMs = Date.now() + longestMs;
  for (;;) {
    const answer = await get();
    if (holds(answer)) return answer;
    if (Date.now() > endMs)
      throw new Error(`nothing came of it in ${longestMs / 1_000} s: ${JSON.stringify(answer).slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const shown = (value: number | null, digits = 1) => (value === null ? 'not measured' : value.toFixed(digits));

/** The title of the agent's page says what it wants of you. */
async function titleOf(page: string): Promise<string> {
  const response = await fetch(page);
  if (!response.ok) throw new Error(`${page} answered ${response.status}`);
  return /<title>(.*?)<\/title>/.exec(await response.text())?.[1] ?? 'a page without a title';
}

async function show(base: string, engine: string, stay: boolean): Promise<void> {
  const agent = `${base}/api/v1`;
  await ask(`${agent}/instances/vllm-1`, 'PUT', {
    engine: 'vllm',
    metrics_url: `${engine}/metrics`,
    config: { '--gpu-memory-utilization': 0.9, '--kv-cache-dtype': 'auto', '--max-num-seqs': 256 },
  });
  const diagnosis = await until(
    () => ask<Diagnosis>(`${agent}/analyze`, 'POST', { instance_id: 'vllm-1', window_s: 60 }),
    ({ findings, score }) => findings.length > 0 && score.value !== null,
  );
  say(`analysis   score ${String(diagnosis.score.value)} of 100`);
  for (const { rule, severity, explanation, evidence } of diagnosis.findings) {
    say(`  ${rule} (${severity}): ${explanation}`);
    for (const { metric, value, compared } of evidence.slice(0, 3)) {
      say(
        `    ${metric} = ${Number(value.toPrecision(4))}${compared === null ? '' : ` (${compared.op} ${compared.limit})`}`,
      );
    }
  }

  const { id } = await ask<Workflow>(`${agent}/workflows`, 'POST', {
    instance_id: 'vllm-1',
    mode: 'webhook',
    stages: [50, 100],
    monitor_s: 120,
  });
  const workflow = () => ask<Workflow>(`${agent}/workflows/${id}`);
  const planned = await until(workflow, ({ status }) => status === 'awaiting_approval');
  for (const { flag, from, to } of planned.changes ?? []) say(`plan       ${flag}: ${String(from)} → ${String(to)}`);
  say(`page       ${base}/ says "${await titleOf(`${base}/`)}"`);
  if (stay) {
    say('approval   is yours: press a button on the page');
    const decided = await until(workflow, ({ status }) => status !== 'awaiting_approval', personMs);
    say(`decision   the workflow is ${decided.status}`);
  } else {
    await ask(`${agent}/workflows/${id}/approve`, 'POST', { reason: 'the evidence is good' });
    say('approval   given: the evidence is good');
  }
  const ended = await until(workflow, ({ status }) =>
    ['completed', 'rolled_back', 'inconclusive', 'failed', 'rejected', 'cancelled'].includes(status),
  );
  for (const { stage, verdict } of ended.observations ?? []) say(`rollout    stage ${stage} %: ${verdict}`);
  say(`result     ${ended.status}`);
  const after = ended.observations?.at(-1)?.window;
  if (ended.baseline === undefined || after === undefined) return;
  say('measured                      before    after');
  say(
    `  preemptions a second      ${shown(ended.baseline.preemptions_per_s).padStart(8)} ${shown(after.preemptions_per_s).padStart(8)}`,
  );
  say(
    `  first token, p95, s       ${shown(ended.baseline.ttft_p95_s).padStart(8)} ${shown(after.ttft_p95_s).padStart(8)}`,
  );
  say(
    `  tokens a second           ${shown(ended.baseline.tokens_per_s, 0).padStart(8)} ${shown(after.tokens_per_s, 0).padStart(8)}`,
  );
}

async function main(): Promise<void> {
  const { stay } = parseArgs({ options: { stay: { type: 'boolean', default: false } } }).values;
  const programs: ChildProcess[] = [];
  const data = await mkdtemp(join(tmpdir(), 'agent-demo-'));
  let clearing: Promise<void> | undefined;
  /** The data goes when nobody writes to it any more. */
  const clear = () =>
    (clearing ??= Promise.all(programs.map(end)).then(() => rm(data, { recursive: true, force: true })));
  process.once('SIGINT', () => void clear().then(() => process.exit(130)));
  try {
    const enginePort = await start(
      programs,
      ['fake-engine/main', '--scenario', 'kv_exhaustion', '--port', '0', '--speed', '30'],
      { FAKE_ENGINE_SECRET: secret },
    );
    const agentPort = await start(programs, ['main'], {
      PORT: '0',
      DATA_DIR: data,
      LOG_LEVEL: 'warn',
      SHED_DELAY_MS: '0', // a computer that stutters is no reason to end the demo
      SCRAPE_INTERVAL_MS: '300',
      CLOCK_FACTOR: '60',
      WEBHOOK_URL: `http://127.0.0.1:${enginePort}/rollout`,
      WEBHOOK_SECRET: secret,
    });
    say(`engine     a fake vLLM whose key-value cache is too small, port ${enginePort}\nagent      port ${agentPort}`);
    await show(`http://127.0.0.1:${agentPort}`, `http://127.0.0.1:${enginePort}`, stay);
    if (stay) {
      say('           the page stays until Ctrl-C');
      await new Promise((resolve) => setTimeout(resolve, personMs));
    }
  } finally {
    await clear();
  }
}

await main();
