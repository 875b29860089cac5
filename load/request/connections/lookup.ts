/**
 * One DNS lookup at a time for each host: connections that open meanwhile share its answer. Node looks names up on four
 * threads, so that a thousand users who start together would wait for each other's copies of one question.
 */
import { lookup as lookupOnce, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Answer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
type Resolve = (hostname: string, options: LookupOptions, callback: Answer) => void;

/** Nothing is kept once the answer is there: a name may mean another address in the next moment. */
export function sharedLookup(resolve: Resolve = lookupOnce): LookupFunction {
  const asking = new Map<string, Answer[]>();
  return (hostname, options, callback) => {
    const key = `${hostname} ${options.family ?? 0} ${options.hints ?? 0} ${options.all ?? false}`;
    const others = asking.get(key);
    if (others !== undefined) {
      others.push(callback);
      return;
    }
    const waiting: Answer[] = [callback];
    asking.set(key, waiting);
    resolve(hostname, options, (error, address, family) => {
      asking.delete(key);
      for (const answer of waiting) answer(error, address, family);
    });
  };
}
