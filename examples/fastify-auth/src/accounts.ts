/** Who may log in. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

interface Stored {
  readonly salt: Buffer;
  readonly key: Buffer;
}

export interface Account {
  readonly name: string;
  readonly password: string;
}

/** A real API has a database; this one has the accounts of its tests. */
const accounts = JSON.parse(readFileSync(new URL('../tests/accounts.json', import.meta.url), 'utf8')) as Account[];

const stored = new Map<string, Stored>();
for (const { name, password } of accounts) {
  const salt = randomBytes(16);
  stored.set(name, { salt, key: await derive(password, salt, 32) });
}

export async function isPasswordOf(name: string, password: string): Promise<boolean> {
  const known = stored.get(name);
  return known !== undefined && timingSafeEqual(await derive(password, known.salt, 32), known.key);
}
