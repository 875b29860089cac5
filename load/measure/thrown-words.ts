/**
 * What was thrown, in words. Nothing of it is trusted: it may be no error at all (`Object.create(null)` has no text), and
 * its fields may throw.
 */

export const unreadableWords = 'it cannot be read: its own fields throw';

/** By class and message, where it is an error. */
export function thrownWords(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return `${typeof thrown} thrown: ${unreadableWords}`;
  }
}
