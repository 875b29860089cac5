/** Lays beside the compiled package what is read at run time and is no TypeScript. */
import { cpSync } from 'node:fs';

for (const asset of ['reporters/html/built', 'load/measure/summary.schema.json']) {
  cpSync(asset, `dist/${asset}`, { recursive: true });
}
