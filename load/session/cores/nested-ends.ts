/** How a test ended on a core, on a line of what a nested Playwright prints. */

export interface NestedEnd {
  readonly core: number;
  readonly status: string;
  /** Its errors; empty when there are none. */
  readonly words: string;
}

const mark = '\u0001playload ';

export function endedLine(end: NestedEnd): string {
  return `\n${mark}${JSON.stringify(end)}`;
}

/** Undefined for any other line. */
export function nestedEndOf(line: string): NestedEnd | undefined {
  return line.startsWith(mark) ? (JSON.parse(line.slice(mark.length)) as NestedEnd) : undefined;
}
