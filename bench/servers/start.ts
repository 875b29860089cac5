/** Starts a server of the bench's on its core, uses it, and ends it whatever happens. */
import { type Server, startServer } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import { script } from '../children/programs.ts';
import type { Setting } from '../experiment.ts';

export async function withFastServer<Result>(
  { cores }: Pick<Setting, 'cores'>,
  use: (server: Server) => Promise<Result>,
): Promise<Result> {
  const server = await startServer({ command: onCore(cores, 'server', script('bench/servers/fast.ts')) });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
