/**
 * How often `load.compare` is wrong on this machine: the list route of the agent held against that of its twin, alone and
 * beside a busy neighbour, and against one that is 15 % slower. Each comparison is a real one, with short blocks.
 */
import { median } from '../../load/analysis/statistics/quantile.ts';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import { inWorker } from '../children/worker.ts';
import type { Server } from '../children/child.ts';
import type { Setting } from '../experiment.ts';
import { withAgent, withBurner } from '../servers/start.ts';
import { alignedTable } from '../table.ts';
import { comparisons, type ComparisonEnd, progressMark } from '../worker/jobs.ts';

/** The comparisons of one kind take no longer than this; what has begun is brought to its end. */
const limitMs = 900_000;
/** The longest that one takes: a warm-up of each side, 28 blocks, and what is between them. */
const longestMs = 120_000;

export interface Kind {
  readonly name: string;
  /** By which share each answer of the other takes longer. */
  readonly slowerBy: number;
  readonly besideBurner: boolean;
}

export const kinds: readonly Kind[] = [
  { name: 'its twin', slowerBy: 0, besideBurner: false },
  { name: 'its twin, beside a busy neighbour', slowerBy: 0, besideBurner: true },
  { name: 'one that takes 15 % longer', slowerBy: 0.15, besideBurner: false },
];

/** A regression has to be found at least as often as this. */
const leastFound = 28 / 30;

export interface KindEnds {
  readonly kind: Kind;
  readonly ends: readonly ComparisonEnd[];
}

/** So many of each kind. */
export async function countComparisons(
  setting: Setting,
  times: number,
  say: (line: string) => void,
): Promise<{ readonly lines: readonly string[]; readonly right: boolean }> {
  const all: KindEnds[] = [];
  for (const kind of kinds) {
    say(`an agent against ${kind.name}`);
    all.push({ kind, ends: await endsOf(setting, kind, { times, say }) });
  }
  return { lines: comparisonTable(all), right: all.every(isRight) };
}

async function endsOf(
  setting: Setting,
  { slowerBy, besideBurner }: Kind,
  { times, say }: { readonly times: number; readonly say: (line: string) => void },
): Promise<readonly ComparisonEnd[]> {
  const compare = async (a: Server, b: Server) => {
    const { answer } = await inWorker(setting, {
      job: comparisons,
      ask: { a: a.url, b: b.url, times, limitMs },
      limitMs: limitMs + longestMs,
      mayFail: true,
      onLine: (line) => {
        if (line.startsWith(progressMark)) say(line);
      },
    });
    return answer;
  };
  // Both run in the same way, so that they differ by nothing else.
  const both = async () =>
    withAgent(setting, async (a) => withAgent(setting, async (b) => compare(a, b), { slowerBy }), { slowerBy: 0 });
  return besideBurner ? withBurner(setting, both) : both();
}

export function comparisonTable(all: readonly KindEnds[]): string[] {
  const heads = ['an agent against', 'times', 'passed', 'failed', 'inconclusive', 'invalid', 'ratio', 'would show', ''];
  return alignedTable(
    heads,
    all.map(({ kind, ends }) => {
      const count = (verdict: FindingVerdict) => String(ends.filter((end) => end.verdict === verdict).length);
      const ratios = ends.flatMap(({ p50 }) => (p50 === undefined ? [] : [p50.ratio]));
      const reach = median(ends.flatMap(({ p50 }) => (p50 === undefined ? [] : [p50.detectable])));
      return [
        kind.name,
        String(ends.length),
        ...(['passed', 'failed', 'inconclusive', 'invalid'] as const).map(count),
        ratios.length === 0 ? '' : `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
        reach === undefined ? '' : `+${(reach * 100).toFixed(1)} %`,
        isRight({ kind, ends }) ? '✓' : '✗ errs',
      ];
    }),
    1,
  );
}

/** No twin is ever called slower, and what is slower is found nearly always. */
export function isRight({ kind, ends }: KindEnds): boolean {
  const regressions = ends.filter(({ verdict }) => verdict === 'failed').length;
  if (ends.length === 0) return false;
  return kind.slowerBy === 0 ? regressions === 0 : regressions >= Math.floor(leastFound * ends.length);
}
