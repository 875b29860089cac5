/** What every handler finds in its context. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Scope } from '../domain/api-keys.ts';

export interface AppEnv {
  /** Absent when a test calls the app without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Names this request in answers and logs. */
    requestId: string;
    /** The name of the key that asks, `anonymous` without keys. */
    caller: string;
    /** What the caller may. */
    scopes: ReadonlySet<Scope>;
  };
}

export type AppContext = Context<AppEnv>;
