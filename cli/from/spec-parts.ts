/** What made specs of every kind have in common. */

/** Reads a secret where the test runs, so that listing tests needs none. */
export const secretFunction = `/** Secrets are not in this file: they are given by variables of the environment. */
function secret(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(\`the variable \${name} of the environment is not set\`);
  return value;
}`;

export function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`));
}
