/** Files for the browser, whose names change with what is in them: they may be kept for ever. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

export const assets = { script: assetOf('app.js'), styles: assetOf('styles.css'), logo: assetOf('logo.svg') };

function assetOf(file: string): Asset {
  const body = readFileSync(new URL(`browser/${file}`, import.meta.url));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
  const extension = extname(file);
  const type = types[extension] ?? 'application/octet-stream';
  return { path: `/_assets/${file.slice(0, -extension.length)}.${hash}${extension}`, type, body };
}
