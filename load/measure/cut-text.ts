/** Text from outside is of any length, what tells of it is not. Runs in a browser too. */

/** Half of a character that takes two, which no receiver of JSON needs to take. */
const halfAtEnd = /[\uD800-\uDBFF]$/;

/** The text in at most so many UTF-16 code units; what is cut off leaves `…`. */
export function cutText(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .replace(halfAtEnd, '')
        .trimEnd()}…`;
}
