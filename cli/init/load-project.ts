/** The project that load tests run in, as it is written into a configuration. */
import type { Written } from './insert.ts';
import { quoted, type Style } from './style.ts';

export const loadSpecs = '**/*.load.spec.*';
export const firstSpecName = 'first.load.spec';

export interface LoadProject {
  /** Where its specs are, as text of the configuration; absent where the configuration says it for all. */
  readonly testDir?: string;
  /** `[]` where specs of load tests are ignored by all other projects at once. */
  readonly testIgnore?: '[]';
  /** Whether all projects run only tests of some title or tag, unless they say something else. */
  readonly hasGrep?: boolean;
  /** The address that only projects say, as text of the configuration. */
  readonly baseURL?: string;
}

export function writtenLoadProject({ testDir, testIgnore, hasGrep, baseURL }: LoadProject, style: Style): Written {
  const lines = [
    `name: ${quoted('load', style)}`,
    ...(testDir === undefined ? [] : [`testDir: ${testDir}`]),
    `testMatch: ${quoted(loadSpecs, style)}`,
    ...(testIgnore === undefined ? [] : [`testIgnore: ${testIgnore}`]),
    ...(hasGrep === true ? ['grep: /./'] : []),
    'workers: 1',
    'retries: 0',
    'metadata: { load: true }',
    ...(baseURL === undefined ? [] : [`use: { baseURL: ${baseURL} }`]),
  ];
  return (indent, isSpread) => {
    if (!isSpread) return `{ ${lines.join(', ')} }`;
    const line = `${style.newline}${indent}${style.indent}`;
    return `{${line}${lines.join(`,${line}`)}${style.lastComma}${style.newline}${indent}}`;
  };
}
