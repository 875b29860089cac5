/** Users of a load, each with an account of its own: logged in before its first iteration, and out after its last. */
import { feeder, type LoadRequestContext, type LoadUser } from 'playload';
import type { Account } from '../src/accounts.ts';
import type { Tokens } from '../src/app.ts';

export type Session = Tokens & { renewAtMs: number };

export const accounts = feeder.json<Account>('accounts.json', { order: 'unique' });

const sessionOf = (tokens: Tokens): Session => ({ ...tokens, renewAtMs: Date.now() + tokens.expiresInMs / 2 });

export const loggedIn: LoadUser<Session, Account> = async ({ request, data }, use) => {
  const login = await request.post<Tokens>('/login', { data });
  if (!login.ok()) throw new Error(`login of ${data.name} answered ${login.status()}`);
  const session = sessionOf(await login.json());
  await use(session);
  await request.post('/logout', { data: { refresh: session.refresh } });
};

/** The header that says who it is, with a fresh token where the old one is half through. */
export async function authorized(request: LoadRequestContext, session: Session): Promise<{ Authorization: string }> {
  if (Date.now() > session.renewAtMs) {
    const renewed = await request.post<Tokens>('/refresh', { data: { refresh: session.refresh } });
    if (renewed.ok()) Object.assign(session, sessionOf(await renewed.json()));
  }
  return { Authorization: `Bearer ${session.access}` };
}
