/** Reads the baseline of a load from its folder. What cannot be read is said, and left as it is. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Baseline, baselineFolder, type BaselineKey, baselineName, decodeBaseline } from '../measure/baseline.ts';

export type RecordedBaseline =
  | { readonly kind: 'recorded'; readonly baseline: Baseline }
  /** There are baselines, and none of this load. */
  | { readonly kind: 'missing' }
  /** Nobody keeps baselines here. */
  | { readonly kind: 'unused' }
  /** `words`: which file, and what is wrong with it. */
  | { readonly kind: 'unreadable'; readonly words: string };

/** `configDir`: the folder of the configuration. */
export function baselinePath(configDir: string, load: BaselineKey): string {
  return join(configDir, baselineFolder, `${baselineName(load)}.json`);
}

export async function recordedBaseline(configDir: string, load: BaselineKey): Promise<RecordedBaseline> {
  const path = baselinePath(configDir, load);
  try {
    return { kind: 'recorded', baseline: decodeBaseline(await readFile(path, 'utf8'), load) };
  } catch (error) {
    if (!isMissing(error))
      return {
        kind: 'unreadable',
        words: `\`${baselineFolder}/${baselineName(load)}.json\` cannot be used: ${messageOf(error)}`,
      };
    return { kind: (await exists(join(configDir, baselineFolder))) ? 'missing' : 'unused' };
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
