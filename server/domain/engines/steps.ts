/**
 * Work that can be interrupted: a generator yields every few milliseconds, so that whoever has others to serve may serve
 * them between two steps of a large page. Who has nobody to serve does it in one go.
 */
export type Steps<T> = Generator<void, T, void>;

/** Does all that is left at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
