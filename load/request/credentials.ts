/** HTTP Basic credentials (RFC 7617): which ones belong to an address, and whether they go out unasked. */
import type { RequestContextOptions } from './request-options.ts';
import type { Target } from './target.ts';

type CredentialsOption = NonNullable<RequestContextOptions['httpCredentials']>;
type Credentials = Exclude<CredentialsOption, readonly unknown[]>;

export class HttpCredentials {
  readonly #all: readonly Credentials[];

  constructor(option: CredentialsOption | undefined) {
    this.#all = option === undefined ? [] : Array.isArray(option) ? option : [option];
  }

  get any(): boolean {
    return this.#all.length > 0;
  }

  /** The `authorization` to send with the first request. */
  unasked(target: Target): string | undefined {
    const found = this.#for(target);
    return found?.send === 'always' ? basic(`${found.username}:${found.password}`) : undefined;
  }

  /** The `authorization` that answers a 401 with this `www-authenticate` header. */
  answer(target: Target, challenge: string | undefined): string | undefined {
    if (challenge?.trim().startsWith('Basic') !== true) return undefined;
    const found = this.#for(target);
    return found && basic(`${found.username}:${found.password}`);
  }

  #for(target: Target): Credentials | undefined {
    if (this.#all.length === 0) return undefined;
    const origin = target.origin.toLowerCase();
    return this.#all.find(
      (one) => one.origin === undefined || one.origin === '' || one.origin.toLowerCase() === origin,
    );
  }
}

export function basic(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword).toString('base64')}`;
}
