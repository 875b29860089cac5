/** Whether a pattern of `testMatch` may take in specs of load tests: only a sure no is a no. */
import type { SeenPattern } from '../seen-config.ts';
import { firstSpecName } from './load-project.ts';

const extensions = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'];
const examples = extensions.map((extension) => `/project/tests/${firstSpecName}.${extension}`);

export function mayMatch(pattern: SeenPattern): boolean {
  if (pattern.kind === 'expression') {
    const expression = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    return examples.some((path) => expression.test(path));
  }
  const tail = /[^*?[\](){}|!@+/]*$/.exec(pattern.text)?.[0] ?? '';
  return examples.some((path) => path.endsWith(tail));
}
