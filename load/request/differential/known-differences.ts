/**
 * Where our context and Playwright's differ on purpose, by the title of the script that shows it. The differential test
 * fails for a difference that is not here, and for a row here that no longer differs. docs/request-context.md has the
 * same list in words.
 */
export const knownDifferences: Readonly<Record<string, string>> = {};
