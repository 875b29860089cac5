/**
 * Waits in a folder that all shards share until all are there, then lets them start within a poll of each other. No
 * clock is compared with another's: how long somebody is silent is told by what the folder shows meanwhile.
 */
import { join } from 'node:path';
import type { Clock } from '../../run/clock.ts';
import { type Attendance, missedWords } from './absent-shards.ts';
import type { MeetingPlace } from './meeting-place.ts';
import { NoteFolder } from './note-folder.ts';
import { allGone, hasTwin, nextStep, type Note, partners, type Step } from './notes.ts';
import { type Party, twinWords } from './party.ts';

export interface MeetParts {
  readonly place: MeetingPlace;
  readonly party: Party;
  readonly clock: Clock;
  /** Ends it: nobody waits any more, and nothing is said. */
  readonly signal: AbortSignal;
}

/** While somebody is still missing, nothing is urgent. */
const lookEveryMs = 100;
/** Once all are there, each start is at most so much later than the first. */
const startEveryMs = 20;
/** How often a waiting shard shows that it lives; writing also makes NFS look again at what it has kept of the folder. */
const beatEveryMs = 1_000;
/** Whose note has not changed for so long is lost. */
const silentMs = 5_000;

/** Resolves when all are there. Throws when they are not within the time, and says who is missing. */
export async function meetInFolder({ place, party, clock, signal }: MeetParts): Promise<void> {
  const folder = new NoteFolder(join(place.where, `meeting-${party.key}`));
  const attendant = new Attendant({ folder, party, clock });
  const endMs = clock.now() + place.timeoutMs;
  let started = false;
  try {
    for (;;) {
      started = await attendant.look();
      if (attendant.hasTwin) throw new Error(`the shards cannot meet in ${place.where}: ${twinWords(party)}`);
      if (started || signal.aborted) return;
      if (clock.now() >= endMs) throw new Error(missedWords(attendant.attendance(), place));
      await clock.sleepUntil(Math.min(endMs, clock.now() + attendant.patienceMs), signal);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Error(
      `the shards cannot meet in ${place.where}: ${code}. \`LOAD_MEET\` names a folder in which each shard may make files`,
      { cause: error },
    );
  } finally {
    await attendant.leave(started).catch(() => undefined); // the folder is gone or full: what had to be said is said
  }
}

class Attendant {
  readonly #folder: NoteFolder;
  readonly #party: Party;
  readonly #clock: Clock;
  readonly #lastBeats = new Map<string, { readonly beat: number; readonly atMs: number }>();
  /** Shards that were there at any time. */
  readonly #came = new Set<number>();
  #own: Note;
  #notes: readonly Note[] = [];
  #beatAtMs = -Infinity;

  constructor({ folder, party, clock }: { folder: NoteFolder; party: Party; clock: Clock }) {
    this.#folder = folder;
    this.#party = party;
    this.#clock = clock;
    this.#own = { shard: party.shard, nonce: party.nonce, step: 'came', sees: [], beat: 0 };
  }

  get patienceMs(): number {
    return this.#own.step === 'came' ? lookEveryMs : startEveryMs;
  }

  get hasTwin(): boolean {
    return hasTwin(this.#notes, this.#own);
  }

  /** Reads all notes and says in its own what has changed; whether this shard may start. */
  async look(): Promise<boolean> {
    const nowMs = this.#clock.now();
    const beats = nowMs - this.#beatAtMs >= beatEveryMs;
    if (this.#beatAtMs === -Infinity) await this.#folder.write(this.#own);
    this.#notes = await this.#folder.read(beats || this.#own.step === 'came');
    this.#listen(nowMs);
    const sees = this.#notes.map(({ nonce }) => nonce).toSorted();
    const step = nextStep(this.#notes, this.#party, this.#own.step);
    const isNews = step !== this.#own.step || sees.join() !== this.#own.sees.join();
    if (beats || isNews) await this.#say(step, sees, nowMs);
    return step === 'gone';
  }

  attendance(): Attendance {
    const { shard: own, of } = this.#party;
    const known = partners(this.#notes, this.#party);
    const lives = ({ nonce }: Note) => this.#clock.now() - (this.#lastBeats.get(nonce)?.atMs ?? -Infinity) < silentMs;
    const here = [...new Set([own, ...known.filter(lives).map(({ shard }) => shard)])].toSorted((a, b) => a - b);
    const lost = [...this.#came].filter((shard) => !here.includes(shard));
    return { of, here, lost: lost.toSorted((a, b) => a - b) };
  }

  /** One that starts leaves its note to those who have not seen it yet; the last takes all away. */
  async leave(started: boolean): Promise<void> {
    if (!started) return this.#folder.remove([]);
    const notes = await this.#folder.read(false);
    if (allGone(notes, this.#party)) await this.#folder.remove(partners(notes, this.#party));
  }

  async #say(step: Step, sees: readonly string[], nowMs: number): Promise<void> {
    this.#own = { ...this.#own, step, sees, beat: this.#own.beat + 1 };
    await this.#folder.write(this.#own);
    this.#beatAtMs = nowMs;
  }

  #listen(nowMs: number): void {
    for (const { nonce, beat } of this.#notes)
      if (this.#lastBeats.get(nonce)?.beat !== beat) this.#lastBeats.set(nonce, { beat, atMs: nowMs });
    for (const { shard } of partners(this.#notes, this.#party)) this.#came.add(shard);
  }
}
