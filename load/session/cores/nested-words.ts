/** What a nested Playwright tells the first core of its workers, on lines of what it prints. */

export type NestedWord =
  /** Its test has begun on a core. */
  | { readonly kind: 'began'; readonly core: number }
  /** The test or its fixtures have printed something. */
  | { readonly kind: 'said'; readonly core: number; readonly to: 'stdout' | 'stderr'; readonly text: string }
  | NestedEnd;

/** How the test ended on a core. */
export interface NestedEnd {
  readonly kind: 'ended';
  readonly core: number;
  /** As Playwright has it, or `refused` for a test that cannot run there. */
  readonly status: string;
  /** Its errors; empty when there are none. */
  readonly words: string;
}

const mark = '\u0001playload ';

export function nestedLine(word: NestedWord): string {
  return `\n${mark}${JSON.stringify(word)}\n`;
}

/** Undefined for any other line, also for one of a test that looks like it. */
export function nestedWordOf(line: string): NestedWord | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    return JSON.parse(line.slice(mark.length)) as NestedWord;
  } catch {
    return undefined;
  }
}
