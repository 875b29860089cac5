/**
 * Any character there is: any code point but the halves of a surrogate. `unit: 'binary'` draws the same, and takes seconds
 * of each process for a table of them all.
 */
import fc from 'fast-check';

const firstSurrogate = 0xd800;
const surrogates = 0x800;

export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(0x10ffff - surrogates)
  .map((nth) => String.fromCodePoint(nth < firstSurrogate ? nth : nth + surrogates));
