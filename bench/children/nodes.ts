/** Other versions of Node to compare generators under. */
import { execFileSync } from 'node:child_process';

export interface OtherNode {
  readonly path: string;
  /** `v22.23.3`. */
  readonly version: string;
}

/** The version that the program at the path tells; undefined if it cannot be run or is no Node. */
export function nodeVersion(path: string): string | undefined {
  try {
    const told = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return /^v\d+\.\d+\.\d+/.test(told) ? told : undefined;
  } catch {
    return undefined; // whatever is wrong with it, it is no Node to us
  }
}
