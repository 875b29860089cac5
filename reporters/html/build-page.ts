/**
 * Builds the page's script and style sheet into `built/`: `npm run build:page`. Both are committed, since a published
 * package and a fresh clone must show a page without a build; a test holds them to their sources.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageBundle } from './bundle.ts';

const here = new URL('./', import.meta.url);

export async function buildPage(): Promise<PageBundle> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/main.ts', here)), fileURLToPath(new URL('page/page.css', here))],
    absWorkingDir: fileURLToPath(here),
    outdir: 'built',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'playload',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    charset: 'ascii',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfigRaw: {},
    logLevel: 'error',
  });
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { script, style } = await buildPage();
  writeFileSync(new URL('built/page.script', here), script);
  writeFileSync(new URL('built/page.style', here), style);
  process.stdout.write(
    `page.script ${Math.round(script.length / 1_024)} KiB, page.style ${Math.round(style.length / 1_024)} KiB\n`,
  );
}
