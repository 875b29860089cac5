/** Colours of the terminal report; the plain paint leaves text as it is. */
import { styleText } from 'node:util';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import type { Verdict } from '../../load/measure/summary.ts';

export interface Paint {
  readonly good: (text: string) => string;
  readonly fair: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const asIs = (text: string) => text;
export const plainPaint: Paint = { good: asIs, fair: asIs, bad: asIs, dim: asIs, bold: asIs };

type Format = Parameters<typeof styleText>[0];
/** The decision is made once, in `paintFor`; Node shall not make another one per text. */
const styled = (format: Format) => (text: string) => styleText(format, text, { validateStream: false });
export const colourPaint: Paint = {
  good: styled('green'),
  fair: styled('yellow'),
  bad: styled('red'),
  dim: styled('dim'),
  bold: styled('bold'),
};

/** `FORCE_COLOR` decides, then `NO_COLOR` (no-color.org), then whether somebody looks at a terminal. */
export function paintFor(isTty: boolean, env: NodeJS.ProcessEnv): Paint {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return ['0', 'false'].includes(force) ? plainPaint : colourPaint;
  return isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' ? colourPaint : plainPaint;
}

/** What could not be told is neither good nor bad. */
export function findingPaint(paint: Paint, verdict: FindingVerdict): (text: string) => string {
  if (verdict === 'measured') return paint.dim;
  if (verdict === 'inconclusive') return paint.fair;
  return verdictPaint(paint, verdict);
}

export function verdictPaint(paint: Paint, verdict: Verdict): (text: string) => string {
  if (verdict === 'passed') return paint.good;
  if (verdict === 'measured') return paint.dim;
  return verdict === 'acceptable' ? paint.fair : paint.bad;
}
