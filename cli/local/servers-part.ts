/** The Playwright process that starts servers and global setup once, and holds them until it is let go. */
import type { ServersUp } from './hold-servers.ts';
import type { LocalArguments } from './local-arguments.ts';
import { PlaywrightProcess } from './playwright-process.ts';

interface ServersParts {
  readonly args: LocalArguments;
  readonly config: string;
  readonly derived: string;
  readonly folder: string;
  /** Those that a signal interrupts: this one only until it is up, since the shards need the servers to their end. */
  readonly processes: Set<PlaywrightProcess>;
}

export class ServersPart {
  readonly #process: PlaywrightProcess;
  /** The environment of the tests; undefined where the servers did not come up. */
  readonly up: Promise<NodeJS.ProcessEnv | undefined>;

  constructor({ args, config, derived, folder, processes }: ServersParts) {
    let tell: (message: unknown) => void = () => undefined;
    const told = new Promise<NodeJS.ProcessEnv>((resolve) => {
      tell = (message) => resolve((message as ServersUp).env);
    });
    this.#process = new PlaywrightProcess({
      name: 'servers',
      // With the words of the tests: a configuration may look at its command line.
      args: ['test', ...args.playwright, '--config', derived, '--pass-with-no-tests'],
      env: process.env,
      part: { role: 'servers', config, folder, parent: process.pid },
      onMessage: tell,
    });
    processes.add(this.#process);
    const over = this.#process.over.then(() => undefined);
    this.up = Promise.race([told, over]).finally(() => processes.delete(this.#process));
  }

  /** Lets go, waits until all is down, and resolves with the exit code. */
  async end(): Promise<number> {
    this.#process.release();
    return this.#process.over;
  }
}
