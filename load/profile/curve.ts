/**
 * A curve of straight lines over time: the rate of arrivals, or the number of users. Its area up to a moment is how
 * many arrivals were due by then, and the inverse of that area is when each one is.
 */
export interface CurvePoint {
  readonly atMs: number;
  readonly value: number;
}

/** At least two points, rising in time; two at the same moment are a jump. */
export type Curve = readonly CurvePoint[];

interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

export function piecesOf(curve: Curve): Piece[] {
  return curve.slice(1).flatMap((point, at) => {
    const before = curve[at];
    return before === undefined || point.atMs === before.atMs
      ? []
      : [{ fromMs: before.atMs, toMs: point.atMs, from: before.value, to: point.value }];
  });
}

export function endMsOf(curve: Curve): number {
  return curve.at(-1)?.atMs ?? 0;
}

export function peakOf(curve: Curve): number {
  return Math.max(0, ...curve.map(({ value }) => value));
}

/** Area under the whole curve, for values per second: how many arrivals there are. */
export function areaOf(curve: Curve): number {
  return piecesOf(curve).reduce((sum, piece) => sum + areaOfPiece(piece), 0);
}

/**
 * The areas at which evenly spaced starts are due: `first`, `first + 1`, …, `count` of them. A rate that is there from
 * the beginning starts at once; one that rises from 0 starts when it has gathered a whole start.
 */
export function startsOf(curve: Curve): { readonly first: 0 | 1; readonly count: number } {
  const area = areaOf(curve);
  const slack = slackOf(area);
  const fromZero = (piecesOf(curve)[0]?.from ?? 0) === 0;
  return fromZero ? { first: 1, count: Math.floor(area + slack) } : { first: 0, count: Math.ceil(area - slack) };
}

function areaOfPiece({ fromMs, toMs, from, to }: Piece): number {
  return ((from + to) / 2) * ((toMs - fromMs) / 1_000);
}

/**
 * The moments at which the area reaches each of the rising `areas`, in milliseconds; it ends with the curve. In a piece
 * from rate a to b over d seconds the area after t is `a·t + (b−a)/(2d)·t²`; solved for t in the form that is stable
 * when the slope is next to nothing: `t = 2A / (a + √(a² + 2A(b−a)/d))`.
 */
export function* momentsOfAreas(curve: Curve, areas: Iterable<number>): Generator<number> {
  const pieces = piecesOf(curve);
  const sizes = pieces.map(areaOfPiece);
  let at = 0;
  let before = 0;
  const slack = slackOf(areaOf(curve));
  for (const area of areas) {
    while (at < pieces.length && area > before + (sizes[at] ?? 0) + slack) {
      before += sizes[at] ?? 0;
      at += 1;
    }
    const piece = pieces[at];
    if (piece === undefined) return;
    yield momentInPiece(piece, Math.min(area - before, sizes[at] ?? 0));
  }
}

/** By how much a sum of fractions may miss the whole number it stands for: a few units in the last place. */
function slackOf(area: number): number {
  return Math.max(1e-9, area * 1e-13);
}

function momentInPiece({ fromMs, toMs, from, to }: Piece, area: number): number {
  if (area <= 0) return fromMs;
  const slope = (to - from) / ((toMs - fromMs) / 1_000);
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
  return fromMs + (2 * area * 1_000) / (from + root);
}

/** The longest stretch without a slope; the first of several. Undefined if the curve never holds. */
export function longestHold(curve: Curve): { fromMs: number; toMs: number } | undefined {
  const holds = piecesOf(curve).filter(({ from, to }) => from === to && from > 0);
  const longest = Math.max(...holds.map(({ fromMs, toMs }) => toMs - fromMs));
  const hold = holds.find(({ fromMs, toMs }) => toMs - fromMs === longest);
  return hold === undefined ? undefined : { fromMs: hold.fromMs, toMs: hold.toMs };
}

/**
 * When the curve lets the k-th user (from 1) be at work: from where it reaches k to where it falls below. A user of a
 * ramp from 0 to 10 starts when the line crosses its number, so the last of ten starts at the ramp's end.
 */
export function intervalsAbove(curve: Curve, k: number): { fromMs: number; toMs: number }[] {
  const intervals: { fromMs: number; toMs: number }[] = [];
  let sinceMs: number | undefined;
  const turn = (above: boolean, atMs: number) => {
    if (above) sinceMs ??= atMs;
    else if (sinceMs !== undefined) {
      intervals.push({ fromMs: sinceMs, toMs: atMs });
      sinceMs = undefined;
    }
  };
  for (const { fromMs, toMs, from, to } of piecesOf(curve)) {
    turn(from >= k, fromMs);
    if (from >= k !== to >= k) turn(to >= k, fromMs + ((k - from) / (to - from)) * (toMs - fromMs));
  }
  turn(false, endMsOf(curve));
  return intervals.filter(({ fromMs, toMs }) => toMs > fromMs);
}
