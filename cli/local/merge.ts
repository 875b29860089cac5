/** The last step: `playwright merge-reports` with the user's own reporters, on this terminal. */
import { spawn } from 'node:child_process';
import type { Stop } from '../stop-signal.ts';
import type { LocalArguments } from './local-arguments.ts';
import { blobsIn } from './part.ts';
import { playwrightCli } from './playwright-process.ts';

interface MergeParts {
  readonly config: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: LocalArguments;
  readonly stop: Stop;
}

/** Resolves with its exit code. */
export async function merge({ config, folder, env, args: { reporter }, stop }: MergeParts): Promise<number> {
  const words = ['merge-reports', '--config', config, ...(reporter === undefined ? [] : ['--reporter', reporter])];
  const child = spawn(process.execPath, [playwrightCli(config), ...words, blobsIn(folder)], { env, stdio: 'inherit' });
  const end = () => void child.kill('SIGTERM'); // Ctrl-C has reached it already
  stop.signal.addEventListener('abort', end);
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  stop.signal.removeEventListener('abort', end);
  return code ?? 1;
}
