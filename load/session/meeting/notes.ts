/**
 * How shards meet in a folder without a lock or a common clock. Each lays down a note of its own and says in it which
 * other notes it sees. A note that names mine, made up at random a moment ago, is of somebody who is there now: no
 * leftover of an earlier run can name it, whatever any clock says.
 *
 * | step | said by a shard that | so that |
 * |---|---|---|
 * | `came` | waits | the others can name it |
 * | `met` | is named by all others | a shard that died before the last one came holds all back, not only that one |
 * | `gone` | saw `met` of all others, and starts | the last to go takes the notes away |
 */

export type Step = 'came' | 'met' | 'gone';

export interface Note {
  readonly shard: number;
  readonly nonce: string;
  readonly step: Step;
  /** Nonces of the notes that its shard has seen. */
  readonly sees: readonly string[];
  /** Counts up while its shard waits. */
  readonly beat: number;
}

interface Me {
  readonly shard: number;
  readonly of: number;
  readonly nonce: string;
}

/** Notes of others who have seen this one's. */
export function partners(notes: readonly Note[], me: Me): readonly Note[] {
  return notes.filter(({ shard, nonce, sees }) => shard !== me.shard && nonce !== me.nonce && sees.includes(me.nonce));
}

/** Whether somebody else is there now with this shard's number, and has been for longer. */
export function hasTwin(notes: readonly Note[], me: Note): boolean {
  const isOlder = ({ beat, nonce }: Note) => beat > me.beat || (beat === me.beat && nonce > me.nonce);
  return notes.some((note) => note.shard === me.shard && note.sees.includes(me.nonce) && isOlder(note));
}

/** What to say next, given what lies there. */
export function nextStep(notes: readonly Note[], me: Me, step: Step): Step {
  const others = partners(notes, me);
  const all = (list: readonly Note[]) => new Set(list.map(({ shard }) => shard)).size === me.of - 1;
  if (step === 'came') return all(others) ? 'met' : 'came';
  return all(others.filter((note) => note.step !== 'came')) ? 'gone' : step;
}

/** Whether nobody needs the notes any more. */
export function allGone(notes: readonly Note[], me: Me): boolean {
  const gone = partners(notes, me).filter(({ step }) => step === 'gone');
  return new Set(gone.map(({ shard }) => shard)).size === me.of - 1;
}
