/**
 * `summary.json` as text: laid out for people, with what holds figures alone on one line, so that the results of many
 * runs stay small enough to be read by whoever looks for one figure.
 */

/** As `JSON.stringify` makes it of the same value, but for spaces. */
export function summaryText(value: unknown): string {
  return `${textOf(value, '')}\n`;
}

function textOf(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null || isFlat(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((each) => inner + textOf(each, inner)).join(',\n')}\n${indent}]`;
  const members = Object.entries(value).flatMap(([key, each]) =>
    each === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${textOf(each, inner)}`],
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}

/** Empty, or without anything in it that holds something. */
function isFlat(value: object): boolean {
  return Object.values(value).every((each) => typeof each !== 'object' || each === null);
}
