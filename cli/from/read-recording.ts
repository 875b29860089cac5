/**
 * The entries of a recording, out of a HAR file, a HAR archive or a Playwright trace. Each is bounded: what is bigger than
 * can be worked on is refused in words, before it is read.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { type HarEntry, harEntries } from '../../load/profile/replay/har-file.ts';
import { fileText } from '../../load/run/file-text.ts';
import { type Exchange, exchangeOf, type ReadAttachment } from './exchange.ts';
import { Zip } from './zip.ts';

export const mostBytes = 256 * 2 ** 20;
/** Ids are looked for in answers up to here: what is longer is a download. */
const mostOfAnswer = 4 * 2 ** 20;

export interface Recording {
  readonly exchanges: readonly Exchange[];
  /** Entries that were never answered or are no HTTP. */
  readonly unanswered: number;
}

/** Throws an error that says what is wrong with the file. */
export function readHarFile(path: string): Recording {
  const bytes = readBounded(path);
  if (!isZip(bytes)) {
    const folder = dirname(resolve(path));
    return recordingOf(harEntries(textOf(bytes)), (name) => readBeside(folder, name));
  }
  const zip = new Zip(bytes);
  const har = zip.names.find((name) => name.endsWith('.har'));
  if (har === undefined) throw new Error('it is an archive without a `.har` file; for a trace: `playload from trace`');
  return recordingOf(harEntries(textOf(zip.read(har, mostBytes))), (name) => zip.read(name, mostOfAnswer));
}

/** `trace.zip`, which `trace: 'on'` leaves behind. */
export function readTraceFile(path: string): Recording {
  const bytes = readBounded(path);
  if (!isZip(bytes)) throw new Error('it is no ZIP archive, as the `trace.zip` of Playwright is');
  const zip = new Zip(bytes);
  const networks = zip.names.filter((name) => name.endsWith('.network'));
  if (networks.length === 0) throw new Error('it is no Playwright trace: it has no `.network` file');
  const entries = networks.flatMap((name) => snapshotsOf(name, textOf(zip.read(name, mostBytes))));
  return recordingOf(entries, (name) => {
    const path = name.startsWith('resources/') ? name : `resources/${name}`; // older traces have the name alone
    return zip.read(path, mostOfAnswer);
  });
}

function snapshotsOf(name: string, text: string): HarEntry[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      const event = JSON.parse(line) as { readonly type?: unknown; readonly snapshot?: HarEntry } | null;
      return event?.type === 'resource-snapshot' && event.snapshot !== undefined ? [event.snapshot] : [];
    } catch (cause) {
      throw new Error(`line ${at + 1} of its \`${name}\` is no JSON`, { cause });
    }
  });
}

function readBounded(path: string): Buffer {
  const { size } = statSync(path);
  if (size > mostBytes)
    throw new Error(
      `it has ${Math.ceil(size / 2 ** 20)} MiB, and ${mostBytes / 2 ** 20} MiB can be read: record it without the contents of files, or a shorter part`,
    );
  return readFileSync(path);
}

function isZip(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50;
}

function textOf(bytes: Buffer | undefined): string {
  return fileText(bytes ?? Buffer.alloc(0), { hint: 'recordings are' });
}

/** Files that a HAR file names lie beside it, and nowhere else. */
function readBeside(folder: string, name: string): Buffer | undefined {
  const path = resolve(folder, name);
  if (!path.startsWith(`${folder}${sep}`)) return undefined;
  try {
    return statSync(path).size > mostOfAnswer ? undefined : readFileSync(path);
  } catch {
    return undefined; // it is not there: the body is as good as not recorded
  }
}

function recordingOf(entries: readonly HarEntry[], attachment: ReadAttachment): Recording {
  const read = entries.map((entry) => exchangeOf(entry, bounded(attachment)));
  const exchanges = read.filter((each) => each !== undefined).sort((a, b) => a.startMs - b.startMs);
  return { exchanges, unanswered: read.length - exchanges.length };
}

/** An attachment that cannot be had is a body that was not recorded. */
function bounded(attachment: ReadAttachment): ReadAttachment {
  return (name) => {
    try {
      return attachment(name);
    } catch {
      return undefined; // too big or broken: the request itself is told all the same
    }
  };
}
