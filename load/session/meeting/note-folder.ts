/**
 * Notes as files: `<shard>.<nonce>.<step>`, so that a listing of the folder tells every step. A note is laid down under
 * another name and renamed, which no reader sees half done, on NFS neither; nothing is locked.
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Note, Step } from './notes.ts';

const order: readonly Step[] = ['came', 'met', 'gone'];

const nameOf = ({ shard, nonce, step }: Note) => `${shard}.${nonce}.${step}`;

/** To lay down a note in a folder that others take away. */
const mostTries = 5;

interface Name {
  readonly name: string;
  readonly nonce: string;
  readonly shard: number;
  readonly step: Step;
}

export class NoteFolder {
  readonly #folder: string;
  readonly #known = new Map<string, Note>();
  #own: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes the place of this shard's last one. */
  async write(note: Note): Promise<void> {
    const name = nameOf(note);
    const last = this.#own ?? name;
    await rename(await this.#draft(note), join(this.#folder, last));
    this.#own = name;
    if (last !== name) await rename(join(this.#folder, last), join(this.#folder, name)); // it never has two
  }

  /** All that lie there, the furthest of each nonce. Those whose name says nothing new are read again only if `again`. */
  async read(again: boolean): Promise<readonly Note[]> {
    const names = furthest((await readdir(this.#folder)).flatMap(parse));
    const notes = await Promise.all(names.map(async (name) => this.#note(name, again)));
    return notes.filter((note) => note !== undefined);
  }

  /** Takes these notes and the folder away, the folder only if nobody else's lies in it. */
  async remove(notes: readonly Note[]): Promise<void> {
    const own = this.#own === undefined ? [] : [this.#own];
    const names = [...notes.map(nameOf), ...own];
    await Promise.all(names.map(async (name) => rm(join(this.#folder, name), { force: true })));
    await rmdir(this.#folder).catch(() => undefined); // others are in it, or have taken it away
  }

  /** Whoever leaves may take the empty folder away in the moment in which another comes: then it is made again. */
  async #draft({ nonce, sees, beat }: Note): Promise<string> {
    const draft = join(this.#folder, `${nonce}.draft`);
    for (let tries = 1; ; tries += 1) {
      await mkdir(this.#folder, { recursive: true });
      try {
        await writeFile(draft, JSON.stringify({ sees, beat }));
        return draft;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === mostTries) throw error;
      }
    }
  }

  async #note({ name, nonce, shard, step }: Name, again: boolean): Promise<Note | undefined> {
    const known = this.#known.get(name);
    if (known !== undefined && !again) return known;
    const content = await contentOf(join(this.#folder, name));
    if (content === undefined) return known; // it was renamed meanwhile: the next look finds it
    const note: Note = { shard, nonce, step, ...content };
    this.#known.set(name, note);
    return note;
  }
}

function parse(name: string): Name[] {
  const [, shard, nonce, step] = /^(\d+)\.([0-9a-f]+)\.(came|met|gone)$/.exec(name) ?? [];
  if (shard === undefined || nonce === undefined) return [];
  return [{ name, shard: Number(shard), nonce, step: step as Step }];
}

/** A listing that is read while a shard goes on may show it twice. */
function furthest(names: readonly Name[]): readonly Name[] {
  const best = new Map<string, Name>();
  for (const each of names.toSorted((a, b) => order.indexOf(a.step) - order.indexOf(b.step)))
    best.set(each.nonce, each);
  return [...best.values()];
}

async function contentOf(path: string): Promise<Pick<Note, 'sees' | 'beat'> | undefined> {
  try {
    const { sees, beat } = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>;
    if (!Array.isArray(sees) || typeof beat !== 'number') return undefined;
    return { sees: sees.filter((each) => typeof each === 'string'), beat };
  } catch {
    return undefined; // gone or no note of ours
  }
}
