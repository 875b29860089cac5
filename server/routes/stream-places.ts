/** How many event streams one client has open: each costs a question to the store every second. */
export class StreamPlaces {
  readonly #limit: number;
  readonly #open = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns how to give the place back, for once; `undefined` when the client has no place left. */
  take(client: string): (() => void) | undefined {
    const open = this.#open.get(client) ?? 0;
    if (open >= this.#limit) return undefined;
    this.#open.set(client, open + 1);
    let taken = true;
    return () => {
      if (taken) this.#giveBack(client);
      taken = false;
    };
  }

  #giveBack(client: string): void {
    const left = (this.#open.get(client) ?? 1) - 1;
    if (left > 0) this.#open.set(client, left);
    else this.#open.delete(client); // clients that are gone are not remembered
  }
}
