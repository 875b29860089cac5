/** Sockets that send and time, and no more: what is measured by them beyond the server's own time is the machine's. */
import { runToEnd } from './child.ts';
import type { BareSocketAsk, BareSocketRun } from './bare-socket-program.ts';
import { rootFolder, script } from './programs.ts';

export async function bareSockets({
  pin,
  ...ask
}: BareSocketAsk & { readonly pin: (command: readonly string[]) => string[] }): Promise<BareSocketRun> {
  const command = pin(script('bench/children/bare-socket-program.ts', JSON.stringify(ask)));
  const printed = await runToEnd({ command, cwd: rootFolder, limitMs: ask.seconds * 1_000 + 20_000 });
  return JSON.parse(printed) as BareSocketRun;
}
