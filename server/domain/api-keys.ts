/**
 * Who may do what. A key is a long random text; the agent knows only its SHA-256, which is enough to recognise it and,
 * since the text has 256 random bits, useless to who reads the settings.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * `read` sees, `operate` registers, collects and makes or stops workflows, `approve` lets a change through,
 * `skip_approval` makes workflows that change an engine without one.
 */
export const scopes = ['read', 'operate', 'approve', 'skip_approval'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks without a key; no key has this name. */
export const anonymous = 'anonymous';

/** 1 to 64 letters, digits, `_`, `.`, `@` and `-`. */
export const isKeyName = (name: string): boolean => /^[\w.@-]{1,64}$/.test(name) && name !== anonymous;

export interface ApiKey {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly sha256: Buffer;
}

/** What callers of an agent without keys may, as a list of scopes. @throws {@link TypeError} saying what was expected. */
export function readScopes(words: readonly string[]): ReadonlySet<Scope> {
  if (!words.every(isScope)) throw new TypeError(`a list of scopes out of \`${scopes.join(',')}\``);
  return new Set(words);
}

/** `name:scope+scope:sha256 in hex` for each. @throws {@link TypeError} saying what was expected. */
export function readApiKeys(entries: readonly string[]): ApiKey[] {
  const keys = entries.map(readApiKey);
  const names = new Set(keys.map(({ name }) => name));
  if (names.size < keys.length) throw new TypeError('a list of keys with different names');
  // Whose decision would it be, and by which scopes?
  const digests = new Set(keys.map(({ sha256 }) => sha256.toString('hex')));
  if (digests.size < keys.length)
    throw new TypeError('a list of keys with different names, each with a text of its own');
  return keys;
}

function readApiKey(entry: string): ApiKey {
  const match = /^(?<name>[^:]+):(?<given>[a-z_+]+):(?<sha256>[\da-f]{64})$/.exec(entry);
  const { name = '', given = '', sha256 = '' } = match?.groups ?? {};
  const granted = given.split('+');
  if (match === null || !isKeyName(name) || !granted.every(isScope)) {
    throw new TypeError(
      `a list of \`name:scopes:sha256\` with scopes like \`${scopes.join('+')}\`, and no name \`${anonymous}\``,
    );
  }
  return { name, scopes: new Set(granted), sha256: Buffer.from(sha256, 'hex') };
}

const isScope = (word: string): word is Scope => (scopes as readonly string[]).includes(word);

/**
 * The text of a key in an `Authorization` header: as a bearer token (RFC 6750), or as the password of any user, which is
 * how browsers send it (RFC 7617). `undefined` when there is none.
 */
export function shownKey(authorization: string): string | undefined {
  const [, scheme = '', given = ''] = /^(Bearer|Basic) ([\w+/=-]{1,512})$/i.exec(authorization) ?? [];
  const text =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(given, 'base64')
          .toString('latin1')
          .replace(/^[^:]*:/, '')
      : given;
  return /^[\w-]{1,128}$/.test(text) ? text : undefined;
}

/** The key that a client showed, or `undefined`. Takes the same time whichever key it is, or none. */
export function recognise(keys: readonly ApiKey[], shown: string): ApiKey | undefined {
  const digest = createHash('sha256').update(shown).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.sha256, digest)) found = key;
  return found;
}

/** A new key: the text for the client, and the entry for `API_KEYS`. */
export function makeApiKey(name: string, granted: readonly Scope[]): { readonly text: string; readonly entry: string } {
  const text = `pl_${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { text, entry: `${name}:${granted.join('+')}:${sha256}` };
}
