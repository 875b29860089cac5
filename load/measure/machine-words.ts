/** What of a machine decides how fast a load on it is, in words that two equal machines have in common. */
import { arch, cpus, type } from 'node:os';
import { plainLine } from './plain-line.ts';

/** What a process may use of the machine's cores, and what keeps the others away where something does. */
interface OwnCores {
  readonly count: number;
  readonly limit?: string;
}

/**
 * `AMD EPYC 7763, 2 of 4 cores (CPU quota of 2), Linux x64, Node 22`, and the name of the kind of runner where `LOAD_RUNNER`
 * says one. Without the system's release, which changes with every patch.
 */
export function machineWords(
  env: Readonly<Record<string, string | undefined>>,
  own: OwnCores = { count: cpus().length },
): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? 'unknown CPU').trim().replace(/\s+/g, ' ');
  const [major = ''] = process.versions.node.split('.');
  const runner = plainLine(env['LOAD_RUNNER'] ?? '');
  return [
    model,
    coreWords(cores.length, own),
    `${type()} ${arch()}`,
    `Node ${major}`,
    ...(runner === '' ? [] : [`runner ${runner}`]),
  ].join(', ');
}

/** Two containers on equal machines differ by what each may use. */
function coreWords(ofMachine: number, { count, limit }: OwnCores): string {
  const noun = ofMachine === 1 ? 'core' : 'cores';
  return limit === undefined ? `${ofMachine} ${noun}` : `${count} of ${ofMachine} ${noun} (${limit})`;
}
