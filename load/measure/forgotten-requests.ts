/** Iterations that ended before their own requests did, in the words of an error. */
import type { MeasuredIteration } from './measured-iteration.ts';

export class ForgottenRequests {
  #at = '';

  /**
   * A scenario that is done while its own requests are not has lost hold of them: most often an `await` is missing. The
   * place is that of the first calls, which alone are looked at.
   */
  errorOf({ callSites }: MeasuredIteration): Error {
    const [site] = callSites ?? [];
    if (site !== undefined) this.#at = `, called at ${site.describe()}`;
    return new Error(`it ended while its own requests were under way${this.#at}: is an \`await\` missing?`);
  }
}
