/** By whom requests are counted: by their key, and without keys by their address. */
import { anonymous } from '../domain/api-keys.ts';
import type { AppContext, AppEnv } from './context.ts';

/** The socket's own request; absent when a test calls the app without one. */
export const incomingOf = (env: AppEnv['Bindings'] | undefined) => env?.incoming;

export function clientOf(c: AppContext): string {
  const { caller } = c.var;
  return caller === anonymous ? (incomingOf(c.env)?.socket.remoteAddress ?? anonymous) : caller;
}
