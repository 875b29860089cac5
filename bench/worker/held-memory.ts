/** What a process really holds: garbage that nobody has collected yet is no leak. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** MB of objects and buffers, after a full collection of garbage. */
export function heldMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
