/** Words in the place of what a model would say: one is one token, and the same seed says the same. */
import { around, seeded, type Random } from './random.ts';

/** Some are longer in UTF-8 than in letters, as those of real answers are. */
const words =
  'the a server answers each token of your request as it comes and then waits for more: café naïve größer 漢字 прошлое ответ 👩‍💻 fast slow queue batch cache prompt'.split(
    ' ',
  );

/** What one request is answered with, word by word. */
export interface Speech {
  /** The length that it has where nothing limits it. */
  readonly ownTokens: number;
  /** The next token; the first has no blank before it. */
  readonly next: () => string;
}

/** `seed` is the client's own or comes of its prompt; lengths are from half to one and a half of `usualTokens`. */
export function speech(seed: number, usualTokens: number): Speech {
  const random: Random = seeded(seed);
  const ownTokens = around(random, usualTokens);
  let said = 0;
  const next = () => {
    const word = words[Math.floor(random() * words.length)] ?? 'token';
    said += 1;
    return said === 1 ? word : ` ${word}`;
  };
  return { ownTokens, next };
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits: the same text has the same number. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
