/**
 * Makes a package of what was compiled: lays beside it what is read at run time and is no TypeScript, keeps of the
 * declarations those that an entry leads to, and lays these a second time where a CommonJS project may read them. At run
 * time there is one copy of all for both kinds of modules.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

for (const asset of ['reporters/html/built', 'load/measure/summary.schema.json']) {
  cpSync(asset, join('dist', asset), { recursive: true });
}

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap((entry) => entry.import?.types ?? []);
const reached = new Set();
entries.forEach((entry) => reach(join(entry)));

for (const path of readdirSync('dist', { recursive: true })) {
  const file = join('dist', path);
  if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}

const forCommonJs = join('dist', 'commonjs');
for (const file of reached) {
  const copy = join(forCommonJs, file.slice('dist/'.length));
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(file, copy);
}
writeFileSync(join(forCommonJs, 'package.json'), '{ "type": "commonjs" }\n');

/** A declaration and all that it imports of ours. */
function reach(file) {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)\.ts'/g)) {
    reach(join(dirname(file), `${path}.d.ts`));
  }
}
