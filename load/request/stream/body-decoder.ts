/** Undoes a body's content coding piece by piece, so that the events of a compressed stream are there as they come. */
import * as zlib from 'node:zlib';

type Inflater = zlib.Gunzip | zlib.BrotliDecompress | zlib.Inflate;

const inflaters: ReadonlyMap<string, () => Inflater> = new Map(
  Object.entries({
    gzip: () => zlib.createGunzip(),
    'x-gzip': () => zlib.createGunzip(),
    br: () => zlib.createBrotliDecompress(),
    deflate: () => zlib.createInflate(),
  }),
);

export interface DecodedSink {
  onBytes(bytes: Buffer): void;
  /** Nothing comes any more; with an error where what came is not whole. */
  onOver(error?: Error): void;
  /** It has more to undo than it should hold, or no longer. */
  onFull(isFull: boolean): void;
}

export class BodyDecoder {
  readonly #sink: DecodedSink;
  readonly #inflater: Inflater | undefined;

  /** Throws for a coding that nobody here knows. */
  constructor(coding: string | undefined, sink: DecodedSink) {
    this.#sink = sink;
    const name = coding?.trim().toLowerCase() ?? '';
    if (name === '' || name === 'identity') return;
    const make = inflaters.get(name);
    if (make === undefined) throw new Error(`its content-encoding \`${name}\` is not known`);
    this.#inflater = make();
    this.#inflater.on('data', (bytes: Buffer) => sink.onBytes(bytes));
    this.#inflater.on('drain', () => sink.onFull(false));
    this.#inflater.once('end', () => sink.onOver());
    this.#inflater.once('error', (error: Error) => sink.onOver(error));
  }

  write(bytes: Buffer): void {
    if (this.#inflater === undefined) this.#sink.onBytes(bytes);
    else if (!this.#inflater.write(bytes)) this.#sink.onFull(true);
  }

  /** The sink is told once all of it is undone. */
  end(): void {
    if (this.#inflater === undefined) this.#sink.onOver();
    else this.#inflater.end();
  }

  pause(): void {
    this.#inflater?.pause();
  }

  resume(): void {
    this.#inflater?.resume();
  }

  /** The sink is told nothing more. */
  destroy(): void {
    this.#inflater?.removeAllListeners().on('error', () => undefined); // nobody is left to tell
    this.#inflater?.destroy();
  }
}
