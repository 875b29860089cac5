/** In which of the user's files a function of the library was called: what a relative path there begins at. */
import { dirname, extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUsers } from './call-site.ts';

/** Frames that are looked through: the library's own are few. */
const deepest = 50;

/** To be asked while the caller is on the stack; undefined where the stack does not show it. */
export function callingFile(): string | undefined {
  const files = filesOnStack();
  const folder = dirname(dirname(files[0] ?? '')); // it was made in this file
  return files.find((file) => isUsers(file.replaceAll('\\', '/'), folder.replaceAll('\\', '/')));
}

/** A module of the library by its place in `load/`: in whatever form it is installed, and however it is loaded. */
export function libraryFile(module: string): string {
  const [here = ''] = filesOnStack();
  return resolve(dirname(dirname(here)), `${module}${extname(here)}`);
}

/** By V8's own frames: in their text, a path that has brackets in it cannot be told from its surroundings. */
function filesOnStack(): string[] {
  const before = ['prepareStackTrace', 'stackTraceLimit'].map((name) => [name, Reflect.get(Error, name)] as const);
  try {
    Error.stackTraceLimit = deepest;
    Error.prepareStackTrace = (_, frames) => frames.map((frame) => frame.getFileName() ?? '');
    return (new Error().stack as unknown as readonly string[]).map(pathOf).filter((path) => isAbsolute(path));
  } finally {
    Object.assign(Error, Object.fromEntries(before));
  }
}

/** Modules are named by URL, perhaps with a query of the loader's. */
function pathOf(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}
