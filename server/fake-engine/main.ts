/** Starts a fake engine: `node server/run.mjs fake-engine/main --engine vllm --scenario kv_exhaustion --port 9101`. */
import { parseArgs } from 'node:util';
import { engines } from '../domain/engines/engine.ts';
import { FakeEngineOptionsError } from './options.ts';
import { scenarioNames } from './scenarios.ts';
import { startFakeEngine, type RunningFakeEngine } from './server.ts';

const usage = `usage: fake-engine [options]
  --engine     ${engines.join(' | ')} (vllm)
  --scenario   ${scenarioNames.join(' | ')} (healthy)
  --port       0 picks a free one (0)
  --host       (127.0.0.1)
  --seed       the same seed plays the same (1)
  --speed      simulated seconds for each real one (1)
  --warm-up-s  simulated seconds before the first page (60)
  --restart-ms how long it is away when a rollout restarts it (0)
  --model      the name in its labels
The secret that signs rollouts is read from FAKE_ENGINE_SECRET.
`;

const text = { type: 'string' } as const;

function readArguments(): Record<string, unknown> | undefined {
  const { values } = parseArgs({
    options: {
      engine: text,
      scenario: text,
      port: text,
      host: text,
      seed: text,
      speed: text,
      'warm-up-s': text,
      'restart-ms': text,
      model: text,
      help: { type: 'boolean' },
    },
  });
  const { help, 'warm-up-s': warmUpS, 'restart-ms': restartMs, ...rest } = values;
  const secret = process.env['FAKE_ENGINE_SECRET'];
  if (help === true) return undefined;
  return {
    ...rest,
    ...(warmUpS === undefined ? {} : { warm_up_s: warmUpS }),
    ...(restartMs === undefined ? {} : { restart_ms: restartMs }),
    ...(secret === undefined ? {} : { secret }),
  };
}

function explain(error: unknown): string {
  if (error instanceof FakeEngineOptionsError) return error.problems.join('\n  ');
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  let running: RunningFakeEngine;
  try {
    const options = readArguments();
    if (options === undefined) {
      process.stdout.write(usage);
      return;
    }
    running = await startFakeEngine(options);
  } catch (error) {
    process.stderr.write(`the fake engine does not start:\n  ${explain(error)}\n`);
    process.exitCode = 1;
    return;
  }
  const stop = () => void running.stop(); // nothing else holds the process
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`ready pid=${process.pid} port=${running.port}\n`);
}

await main();
