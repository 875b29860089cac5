/** `npm run site`: the documentation as a static site in `site/dist`, or in the folder that `--out` names. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vitepress';
import { exampleReport } from './example-report.ts';
import { hollowPages } from './hollow-pages.ts';
import { stagePages } from './stage.ts';

const here = import.meta.dirname;
const root = resolve(here, '..');
const { values } = parseArgs({ options: { out: { type: 'string' }, base: { type: 'string' } } });
const out = values.out === undefined ? join(here, 'dist') : resolve(values.out);

process.env['SITE_ROOT'] = root;
process.env['SITE_OUT'] = out;
if (values.base !== undefined) process.env['SITE_BASE'] = values.base;
stagePages({ root, folder: join(here, '.pages') });
await build(here);
const hollow = hollowPages(out);
if (hollow.length > 0) throw new Error(`nothing was made of ${hollow.join(', ')}: what went wrong stands above`);
writeFileSync(join(out, 'report.html'), exampleReport());
process.stdout.write(`the site lies in ${out}\n`);
