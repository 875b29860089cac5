/** A verdict as people see it: a word and a glyph always, a colour beside them for those who tell colours apart. */
import type { Verdict } from '../../load/measure/summary.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';

export interface VerdictLook {
  readonly glyph: string;
  /** On a light ground; the page has its own for a dark one. */
  readonly color: string;
}

export const verdictLooks: Readonly<Record<Verdict, VerdictLook>> = {
  passed: { glyph: verdictGlyphs.passed, color: '#0f6e56' },
  acceptable: { glyph: verdictGlyphs.acceptable, color: '#8a5a00' },
  measured: { glyph: verdictGlyphs.measured, color: '#3a5a78' },
  failed: { glyph: verdictGlyphs.failed, color: '#b93a0e' },
  invalid: { glyph: verdictGlyphs.invalid, color: '#7a3e9d' },
  incomplete: { glyph: verdictGlyphs.incomplete, color: '#57606a' },
};
