/**
 * How often `load.compare` is wrong on this machine: a server held against its twin, alone and beside a busy neighbour, and
 * against one that is 15 % slower. Each comparison is a real one, with short blocks.
 */
import { median } from '../../load/analysis/statistics/quantile.ts';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import { inWorker } from '../children/worker.ts';
import type { Setting } from '../experiment.ts';
import { withBurner, withReferenceServer } from '../servers/start.ts';
import { alignedTable } from '../table.ts';
import { comparisons, type ComparisonEnd, progressMark } from '../worker/jobs.ts';
import { type BehaviourName, behaviourNames } from './behaviours.ts';

/** All kinds together take no longer than this; what has begun is brought to its end. */
const limitMs = 600_000;
/** The longest that one takes: a warm-up of each side, 28 blocks, and what is between them. */
const longestMs = 120_000;

export interface Kind {
  readonly name: string;
  readonly behaviour: BehaviourName;
  readonly besideBurner: boolean;
  /** The answer that is wrong. */
  readonly wrong: FindingVerdict;
}

export const kinds: readonly Kind[] = [
  { name: 'its twin', behaviour: '20 ms', besideBurner: false, wrong: 'failed' },
  { name: 'its twin, beside a busy neighbour', behaviour: '20 ms', besideBurner: true, wrong: 'failed' },
  { name: 'one that takes 15 % longer', behaviour: '23 ms', besideBurner: false, wrong: 'passed' },
];

const reference: BehaviourName = '20 ms';
/** Where something is known by construction, at most one answer of twenty may be wrong. */
const mostWrong = 0.05;

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
    say(`a server of ${reference} against ${kind.name}`);
    all.push({ kind, ends: await endsOf(setting, kind, { times, say }) });
  }
  return { lines: comparisonTable(all), right: all.every(isRight) };
}

async function endsOf(
  setting: Setting,
  { behaviour, besideBurner }: Kind,
  { times, say }: { readonly times: number; readonly say: (line: string) => void },
): Promise<readonly ComparisonEnd[]> {
  const pathOf = (name: BehaviourName) => `/row/${behaviourNames.indexOf(name)}/`;
  const share = limitMs / kinds.length;
  const compare = async () =>
    withReferenceServer(setting, async (a) =>
      withReferenceServer(setting, async (b) => {
        const { answer } = await inWorker(setting, {
          job: comparisons,
          ask: { a: `${a.url}${pathOf(reference)}`, b: `${b.url}${pathOf(behaviour)}`, times, limitMs: share },
          limitMs: share + longestMs,
          mayFail: true,
          onLine: (line) => {
            if (line.startsWith(progressMark)) say(line);
          },
        });
        return answer;
      }),
    );
  return besideBurner ? withBurner(setting, compare) : compare();
}

export function comparisonTable(all: readonly KindEnds[]): string[] {
  const heads = ['a server against', 'times', 'passed', 'failed', 'inconclusive', 'invalid', 'ratio', 'would show', ''];
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

export function isRight({ kind, ends }: KindEnds): boolean {
  const wrong = ends.filter(({ verdict }) => verdict === kind.wrong).length;
  return ends.length > 0 && wrong <= Math.floor(mostWrong * ends.length);
}
