/** Playwright takes what follows a dot in the name of an attachment for the extension of a file. */
export function withoutDots(name: string): string {
  return name.replaceAll('.', ' ');
}
