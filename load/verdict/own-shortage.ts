/**
 * Did the generator's own machine run out of something that every connection needs? Such a request never left it, so
 * its failure says nothing of the server, and neither does the load that was not sent.
 */
import type { RunData } from '../measure/run-data.ts';
import { formatCount } from '../measure/units.ts';

/** Errors of our own kernel, what it ran out of, and what helps. */
const shortages: Readonly<Record<string, { readonly of: string; readonly remedy: string }>> = {
  EMFILE: { of: 'file handles', remedy: 'raise `ulimit -n`, or let connections be reused' },
  ENFILE: { of: 'file handles', remedy: 'raise `fs.file-max`, or let connections be reused' },
  EADDRNOTAVAIL: {
    of: 'local ports or addresses',
    remedy: 'let connections be reused, widen `net.ipv4.ip_local_port_range`, or send from more machines',
  },
  ENOBUFS: { of: 'socket buffers', remedy: 'lower `maxInFlight`, or send from more machines' },
  ENOMEM: { of: 'memory', remedy: 'lower `maxInFlight`, or send from a larger machine' },
};

/** One sentence, or undefined if nothing was short. */
export function ownShortage({ errors }: Pick<RunData, 'errors'>): string | undefined {
  const counts = new Map<string, number>();
  for (const { kind, count } of errors.values())
    if (Object.hasOwn(shortages, kind)) counts.set(kind, (counts.get(kind) ?? 0) + count);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return undefined;
  const [kind, count] = most;
  const { of = '', remedy = '' } = shortages[kind] ?? {};
  return `the load generator's machine ran out of ${of} (${formatCount(count)} × ${kind}): ${remedy}`;
}
