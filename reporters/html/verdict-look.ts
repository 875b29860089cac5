/** A verdict as people see it: a word and a glyph always, a colour beside them for those who tell colours apart. */
import type { Verdict } from '../../load/measure/summary.ts';

export interface VerdictLook {
  readonly glyph: string;
  /** On a light ground; the page has its own for a dark one. */
  readonly color: string;
}

export const verdictLooks: Readonly<Record<Verdict, VerdictLook>> = {
  passed: { glyph: '✓', color: '#0f6e56' },
  acceptable: { glyph: '≈', color: '#8a5a00' },
  failed: { glyph: '✗', color: '#b93a0e' },
  invalid: { glyph: '⊘', color: '#7a3e9d' },
  incomplete: { glyph: '◌', color: '#57606a' },
};
