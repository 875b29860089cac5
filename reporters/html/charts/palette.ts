/**
 * The colours of the charts. Lines of one family go from light to dark with the percentile; families differ in
 * lightness too, so that they are told apart without colour. Hues after Okabe and Ito (2008).
 */
import type { PhaseName } from '../../../load/measure/samples/phases.ts';

export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly shade: string;
  /** p50, p90, p95, p99. */
  readonly percentiles: readonly [string, string, string, string];
  readonly accent: string;
  readonly second: string;
  readonly limit: string;
  readonly acceptable: string;
  /** Ground of what happened. */
  readonly event: string;
  readonly series: readonly string[];
  /** Of up to five lines in one frame, any two of which may cross. */
  readonly lines: readonly [string, string, ...string[]];
  /** Each stands beside any other where those between took no time. */
  readonly phases: Readonly<Record<PhaseName | 'blocked', string>>;
  /** From few to many. */
  readonly heat: readonly string[];
}

export const lightPalette: Palette = {
  background: '#ffffff',
  text: '#3b3f46',
  faint: '#6b7078',
  grid: '#e8e8e4',
  shade: 'rgba(60, 64, 72, 0.07)',
  percentiles: ['#9cc3e6', '#4f94d0', '#1f66ad', '#0c2f5c'],
  accent: '#1f66ad',
  second: '#8a8f98',
  limit: '#c2410c',
  acceptable: '#a16207',
  event: 'rgba(194, 65, 12, 0.13)',
  series: ['#c2410c', '#57606a', '#a16207', '#2aa198', '#7a3e9d', '#9d174d'],
  lines: ['#1f66ad', '#c77700', '#0c2f5c', '#d6568f', '#6fb1e8'],
  phases: {
    blocked: '#4b5058',
    dns: '#e69f00',
    connect: '#4a1259',
    tls: '#2fbf9b',
    waiting: '#1f66ad',
    receiving: '#b9dcf7',
    running: '#c2410c',
  },
  heat: ['#e3eef8', '#9cc3e6', '#4f94d0', '#1f66ad', '#0c2f5c'],
};

export const darkPalette: Palette = {
  background: '#1a1d22',
  text: '#c9cdd3',
  faint: '#959ba5',
  grid: '#2c3037',
  shade: 'rgba(200, 205, 215, 0.08)',
  percentiles: ['#2f6ea8', '#4f9be0', '#8cc4f5', '#e3f1fe'],
  accent: '#62aef0',
  second: '#7d848f',
  limit: '#fb8a4c',
  acceptable: '#e0b040',
  event: 'rgba(251, 138, 76, 0.18)',
  series: ['#fb8a4c', '#4fc3b4', '#8e5bb0', '#ffb3d1', '#7d848f', '#e0b040'],
  lines: ['#62aef0', '#e69f00', '#8e5bb0', '#ffb3d1', '#0f7a60'],
  phases: {
    blocked: '#a5acb6',
    dns: '#e69f00',
    connect: '#6d2c8a',
    tls: '#0f7a60',
    waiting: '#62aef0',
    receiving: '#e3f1fe',
    running: '#d0521c',
  },
  heat: ['#1d3147', '#245482', '#3b84c6', '#8cc4f5', '#e3f1fe'],
};
