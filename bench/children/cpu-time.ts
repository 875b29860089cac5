/**
 * CPU time of a command that does not tell it: the shell that waits for it knows (`times`, POSIX). The grain is the
 * kernel's tick, most often 10 ms.
 */

/** The command in a shell that ends as it does, and writes two more lines to stdout: its own times, its children's. */
export const withTimes = (command: readonly string[]) => [
  'sh',
  '-c',
  '"$@"; code=$?; times; exit $code',
  'sh',
  ...command,
];

/** Milliseconds, user and system, from the last line of what `withTimes` printed. Throws if it is no such line. */
export function cpuMsOf(printed: string): number {
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  const [, userMin, userSec, systemMin, systemSec] = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(last) ?? [];
  if (systemSec === undefined) throw new Error(`\`times\` printed no CPU time, but \`${last}\``);
  const minutes = Number(userMin) + Number(systemMin);
  return Math.round((minutes * 60 + Number(userSec) + Number(systemSec)) * 1_000);
}
