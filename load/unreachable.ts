/** The end of a switch over a union: red in the editor when a case is missing, loud at run time if data lies. */
export function unreachable(value: never): never {
  throw new Error(`not a known case: ${JSON.stringify(value)}`);
}
