/**
 * The verdicts in their order, and how each is drawn where only a character fits: one table for every way of showing
 * them. A verdict is always written out beside its glyph.
 */
import type { Verdict } from '../measure/summary.ts';

/**
 * Worst first. `failed` leads: what a server did wrong is not unsaid because another run proved nothing. `measured`
 * comes last, since it says nothing at all beside a run that was judged.
 */
export const verdictOrder = [
  'failed',
  'invalid',
  'incomplete',
  'acceptable',
  'passed',
  'measured',
] as const satisfies readonly Verdict[];

export const verdictGlyphs: Readonly<Record<Verdict, string>> = {
  failed: '✗',
  invalid: '⊘',
  incomplete: '◌',
  acceptable: '≈',
  passed: '✓',
  measured: '○',
};

/** Those that end a build. */
const closing: ReadonlySet<Verdict> = new Set(['failed', 'invalid', 'incomplete']);

export function isBad(verdict: Verdict): boolean {
  return closing.has(verdict);
}

/** The worst of several; `passed` of none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdictOrder.find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}

/** Compares for a sort that puts the worst first. */
export function byVerdict(a: Verdict, b: Verdict): number {
  return verdictOrder.indexOf(a) - verdictOrder.indexOf(b);
}
