/**
 * A configuration for each part, made of the user's: it lies beside that one for as long as the parts run, so that every
 * path in it means what it always means. Playwright has no switch that leaves out servers and global setup.
 */
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';

const derive = join(import.meta.dirname, `derive${extname(import.meta.filename)}`);

/** Returns its path. */
export async function writeDerivedConfig(config: string): Promise<string> {
  const extension = extname(config);
  const path = join(dirname(config), `.playload-local-${process.pid}.config${extension}`);
  await writeFile(path, textOf(config, extension));
  return path;
}

export async function removeDerivedConfig(path: string): Promise<void> {
  await rm(path, { force: true });
}

function textOf(config: string, extension: string): string {
  const user = JSON.stringify(`./${basename(config)}`);
  const ours = JSON.stringify(posix(relative(dirname(config), derive)));
  const isCommonJs = extension === '.cjs';
  return isCommonJs
    ? `module.exports = require(${ours}).derive(require(${user}));\n`
    : `import { derive } from ${ours};\nimport * as user from ${user};\nexport default derive(user);\n`;
}

function posix(path: string): string {
  const slashes = path.split(sep).join('/');
  return slashes.startsWith('.') ? slashes : `./${slashes}`;
}
