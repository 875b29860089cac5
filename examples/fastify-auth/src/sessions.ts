/** Refresh tokens: each is good for one use, and gives the next. */
import { randomUUID } from 'node:crypto';

const owners = new Map<string, string>();

export function openSession(name: string): string {
  const token = randomUUID();
  owners.set(token, name);
  return token;
}

/** The owner of a token, which is spent from then on. */
export function spend(token: string): string | undefined {
  const name = owners.get(token);
  owners.delete(token);
  return name;
}
