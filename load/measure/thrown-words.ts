/**
 * What was thrown, in words. Nothing of it is trusted: it may be no error at all (`Object.create(null)` has no text), and
 * its fields may throw.
 */

export const unreadableWords = 'it cannot be read: its own fields throw';

/** By class and message, where it is an error; a list of problems is one line, since one line is what is shown. */
export function thrownWords(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${inOneLine(thrown)}` : String(thrown);
  } catch {
    return `${typeof thrown} thrown: ${unreadableWords}`;
  }
}

/** The list of an `OptionsError`; the lines of other messages are their own matter. */
function inOneLine({ name, message }: Error): string {
  return name === 'OptionsError'
    ? message.replace('problems:\n  - ', 'problems: ').replaceAll('\n  - ', '; ')
    : message;
}
