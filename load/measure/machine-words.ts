/** What of a machine decides how fast a load on it is, in words that two equal machines have in common. */
import { arch, cpus, type } from 'node:os';
import { plainLine } from './plain-line.ts';

let known: string | undefined;

/** `AMD EPYC 7763, 4 cores, Linux x64, Node 22`, and the name of the kind of runner where `LOAD_RUNNER` says one. */
export function machineWords(env: Readonly<Record<string, string | undefined>>): string {
  known ??= wordsHere();
  const runner = plainLine(env['LOAD_RUNNER'] ?? '');
  return runner === '' ? known : `${known}, runner ${runner}`;
}

/** Without the system's release, which changes with every patch. */
function wordsHere(): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? 'unknown CPU').trim().replace(/\s+/g, ' ');
  const [major = ''] = process.versions.node.split('.');
  return `${model}, ${cores.length} ${cores.length === 1 ? 'core' : 'cores'}, ${type()} ${arch()}, Node ${major}`;
}
