import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { darkPalette, lightPalette, type Palette } from './palette.ts';

type Triple = readonly [number, number, number];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const eyes: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  'any eyes': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function times([a, b, c]: readonly [Triple, Triple, Triple], [x, y, z]: Triple): Triple {
  const row = ([p, q, r]: Triple) => p * x + q * y + r * z;
  return [row(a), row(b), row(c)];
}

function linearOf(hex: string): Triple {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** CIE L*a*b* under D65. */
function labOf(linear: Triple): Triple {
  const clipped = linear.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    clipped,
  );
  const f = (t: number) => (t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function deltaE(a: string, b: string, matrix: readonly [Triple, Triple, Triple]): number {
  const [first, second] = [a, b].map((hex) => labOf(times(matrix, linearOf(hex)))) as [Triple, Triple];
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

/** A difference that is plain to see beside each other; 2.3 is the least that is noticed at all (CIE 1976). */
const plain = 14;

function pairs(colors: readonly string[]): [string, string][] {
  return colors.flatMap((a, at) => colors.slice(at + 1).map((b): [string, string] => [a, b]));
}

const families: readonly { readonly what: string; readonly of: (palette: Palette) => [string, string][] }[] = [
  { what: 'any two phases', of: ({ phases }) => pairs(Object.values(phases)) },
  { what: 'any two percentiles', of: ({ percentiles }) => pairs(percentiles) },
  { what: 'any two lines of one frame', of: ({ lines }) => pairs(lines) },
  {
    what: 'kinds that are stacked on each other',
    of: ({ series, accent }) => series.map((color, at) => [color, series[at + 1] ?? accent]),
  },
];
for (const [name, palette] of Object.entries({ light: lightPalette, dark: darkPalette })) {
  for (const [who, matrix] of Object.entries(eyes)) {
    for (const { what, of } of families) {
      test(`${what} are told apart by ${who} in the ${name} palette`, () => {
        const close = of(palette).filter(([a, b]) => deltaE(a, b, matrix) < plain);
        expect(close.map(([a, b]) => `${a} ${b}: ${deltaE(a, b, matrix).toFixed(1)}`)).toEqual([]);
      });
    }
  }
}
