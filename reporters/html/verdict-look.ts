/** A verdict as people see it: a word and a glyph always, a colour beside them for those who tell colours apart. */
import type { FindingVerdict } from '../../load/measure/finding.ts';
import type { Verdict } from '../../load/measure/summary.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import { findingGlyphs } from '../words/findings.ts';

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

export const findingLooks: Readonly<Record<FindingVerdict, VerdictLook>> = {
  passed: { glyph: findingGlyphs.passed, color: verdictLooks.passed.color },
  measured: { glyph: findingGlyphs.measured, color: verdictLooks.measured.color },
  failed: { glyph: findingGlyphs.failed, color: verdictLooks.failed.color },
  invalid: { glyph: findingGlyphs.invalid, color: verdictLooks.invalid.color },
  inconclusive: { glyph: findingGlyphs.inconclusive, color: verdictLooks.acceptable.color },
};
