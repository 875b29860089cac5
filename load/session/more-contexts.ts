/**
 * The contexts that a scenario asks for beside its user's own: so many at a time, each given back by whoever asked for
 * it or at the end of the run.
 */
import { OptionsError } from '../options-error.ts';
import type { StreamingRequestContext, NewContext } from '../run/scenario.ts';

type Options = NonNullable<Parameters<NewContext>[0]>;

/** Contexts that a user may have at a time: a scenario that makes one an iteration and keeps it would fill the memory. */
export const mostContextsOfUser = 100;

const overReason = 'the load run is over';

export class MoreContexts {
  readonly #open = new Set<StreamingRequestContext>();
  #isOver = false;

  /** A user's `newContext`, out of whatever makes one. */
  ofUser(make: (options: Options) => Promise<StreamingRequestContext>): NewContext {
    let count = 0;
    return async (options = {}) => {
      if (this.#isOver) throw new Error(`\`newContext\`: ${overReason}`);
      if (count >= mostContextsOfUser) throw tooMany();
      count += 1;
      try {
        return await this.#opened(await make(options), () => (count -= 1));
      } catch (error) {
        count -= 1;
        throw error;
      }
    };
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#open].map(async (context) => context.dispose({ reason: overReason })));
  }

  /** The context, which says when it is disposed of; one that came too late is at once. */
  async #opened(context: StreamingRequestContext, onDispose: () => void): Promise<StreamingRequestContext> {
    if (this.#isOver) {
      await context.dispose();
      throw new Error(`\`newContext\`: ${overReason}`);
    }
    const dispose = context.dispose.bind(context);
    this.#open.add(context);
    return Object.assign(context, {
      dispose: async (options?: { reason?: string }) => {
        if (this.#open.delete(context)) onDispose();
        await dispose(options);
      },
    });
  }
}

function tooMany(): OptionsError {
  return new OptionsError([
    `\`newContext\`: a user may have ${mostContextsOfUser} contexts at a time: give each back with \`await context.dispose()\`, or make one and keep it`,
  ]);
}
