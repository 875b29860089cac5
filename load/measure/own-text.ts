/**
 * A text that holds nothing but itself. The engine makes a part of a text, and a text of several, by pointing at those that
 * it is of: who keeps the part keeps them in memory, however long they are.
 */
export function ownText(text: string): string {
  return structuredClone(text);
}
