/** How a test ended on a core, on a line of what a nested Playwright prints. */

export interface NestedEnd {
  readonly core: number;
  /** As Playwright has it, or `refused` for a test that cannot run there. */
  readonly status: string;
  /** Its errors; empty when there are none. */
  readonly words: string;
}

const mark = '\u0001playload ';

export function endedLine(end: NestedEnd): string {
  return `\n${mark}${JSON.stringify(end)}`;
}

/** Undefined for any other line, also for one of a test that looks like it. */
export function nestedEndOf(line: string): NestedEnd | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    return JSON.parse(line.slice(mark.length)) as NestedEnd;
  } catch {
    return undefined;
  }
}
