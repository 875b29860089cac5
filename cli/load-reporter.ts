/** Where the load reporter is, and whether a name in a configuration means it. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

export const loadReporter = join(import.meta.dirname, `../reporters/load-reporter${extname(import.meta.filename)}`);

/** `name`: a reporter as the configuration at `config` writes it. */
export function isLoadReporter(name: string, config: string): boolean {
  try {
    return realpathSync(createRequire(config).resolve(name)) === realpathSync(loadReporter);
  } catch {
    return false; // one of Playwright's own, or one that is not installed
  }
}
