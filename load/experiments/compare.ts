/**
 * `load.compare`: two servers in one run, by short blocks of load on each in turn, AB BA AB …. What is slow about the
 * machine or the hour is slow in both blocks of a pair and cancels out; only one server is loaded at a time.
 */
import {
  asksForMore,
  type ComparedBlock,
  type ComparedPair,
  compareBlocks,
  type Comparison,
} from '../analysis/comparison.ts';
import { describeComparison } from '../analysis/comparison-words.ts';
import { blockOrder } from '../analysis/paired-comparison.ts';
import type { LoadRun } from '../load-run.ts';
import type { FindingVerdict } from '../measure/finding.ts';
import { blockOf, type BlockFault, faultOf, saturationOf } from './comparison-block.ts';
import { type ComparisonFound, comparisonFinding } from './comparison-finding.ts';
import {
  type AskedComparison,
  type ComparedSide,
  type ComparisonQuestion,
  defaultComparison,
  readComparison,
} from './comparison-question.ts';
import { type Laboratory, onceTold, partName, stepTitle, type Subject, told } from './experiment.ts';

export async function compareServers<Row, State, UserRow>(
  laboratory: Laboratory,
  question: ComparisonQuestion,
  subject: Subject<Row, State, UserRow>,
): Promise<ComparisonFound> {
  const asked = readComparison(question);
  const blocks = new Blocks(laboratory, asked, subject);
  let ended: ComparisonEnd;
  try {
    ended = await laboratory.step(wordsOf(asked), async () => blocks.carryOut());
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    const brokenOff = { kind: 'void', sentence: `the comparison was broken off: ${why ?? ''}` } as const;
    if (blocks.runs.length > 0) laboratory.tell(comparisonFinding(answerOf(brokenOff, blocks, asked), asked));
    throw error;
  }
  const found = told(laboratory, answerOf(ended, blocks, asked));
  laboratory.tell(comparisonFinding(found, asked));
  return found;
}

/** `void`: nothing can be said. `died`: of the server that is looked at. */
type ComparisonEnd =
  | { readonly kind: 'looked'; readonly comparison: Comparison }
  | { readonly kind: 'void' | 'died'; readonly sentence: string };

class Blocks<Row, State, UserRow> {
  readonly runs: LoadRun[] = [];
  readonly pairs: ComparedPair[] = [];
  /** What the generator lacked, of each block of which it was the bottleneck. */
  readonly saturated: string[] = [];
  readonly #laboratory: Laboratory;
  readonly #asked: AskedComparison;
  readonly #subject: Subject<Row, State, UserRow>;

  constructor(laboratory: Laboratory, asked: AskedComparison, subject: Subject<Row, State, UserRow>) {
    this.#laboratory = laboratory;
    this.#asked = asked;
    this.#subject = subject;
  }

  /** Warms both, takes the pairs, looks; if that leaves anything open, takes as many again and looks at all of them. */
  async carryOut(): Promise<ComparisonEnd> {
    const { a, b, pairs, options } = this.#asked;
    for (const side of [a, b]) {
      const fault = faultOf(await this.#run(side, this.#laboratory.once() ? 'once' : 'warm-up'), side);
      if (fault !== undefined && !this.#laboratory.once())
        return { kind: 'void', sentence: `${fault.words}, in its warm-up` };
    }
    if (this.#laboratory.once()) return { kind: 'void', sentence: onceTold.sentence };
    const order = blockOrder(2 * pairs, 'a');
    for (let look = 1; ; look += 1) {
      const fault = await this.#take(order.slice(2 * this.pairs.length, 2 * look * pairs));
      if (fault !== undefined) return fault;
      const comparison = compareBlocks(this.pairs, options);
      if (look === 2 || !asksForMore(comparison)) return { kind: 'looked', comparison };
    }
  }

  async #take(order: readonly ('a' | 'b')[]): Promise<ComparisonEnd | undefined> {
    let first: ComparedBlock | undefined;
    for (const name of order) {
      const side = this.#asked[name];
      const number = this.pairs.length + 1;
      const run = await this.#run(side, `pair ${number}`);
      const fault = faultOf(run, side);
      if (fault !== undefined) return endOf(fault, side, number);
      const reason = saturationOf(run);
      if (reason !== undefined) this.saturated.push(reason);
      const block = blockOf(run);
      if (first === undefined) first = block;
      else {
        this.pairs.push(name === 'b' ? { a: first, b: block } : { a: block, b: first });
        first = undefined;
      }
    }
    return undefined;
  }

  async #run({ name, baseURL }: ComparedSide, what: string): Promise<LoadRun> {
    const { scenario, options } = this.#subject;
    const run = await this.#laboratory.load(
      this.#asked.profile,
      scenario,
      {
        warmUp: defaultComparison.warmUp,
        ...options,
        name: partName(this.#asked.name, `${what}, ${name}`),
        unjudged: true,
        whenSaturated: 'warn',
      },
      { baseURL },
    );
    this.runs.push(run);
    return run;
  }
}

/** What befalls the server as it was leaves nothing to compare with; what befalls the other is its own doing. */
function endOf({ kind, words }: BlockFault, { side }: ComparedSide, pair: number): ComparisonEnd {
  const sentence = `${words}, in pair ${pair}`;
  if (kind === 'void') return { kind: 'void', sentence };
  return side === 'b'
    ? { kind: 'died', sentence }
    : { kind: 'void', sentence: `${sentence}: there is nothing to compare with` };
}

function wordsOf({ a, b, profile, pairs, options, name }: AskedComparison): string {
  const metrics = options.tolerances.map(({ metric }) => metric).join(', ');
  const words = `${a.name} and ${b.name} by ${metrics} over ${pairs} pairs of ${profile.describe()}`;
  return stepTitle('comparison', name, words);
}

function answerOf(
  ended: ComparisonEnd,
  { pairs, runs, saturated }: Pick<Blocks<never, never, never>, 'pairs' | 'runs' | 'saturated'>,
  asked: AskedComparison,
): ComparisonFound {
  const same = asked.isSameServer ? 'the same server twice (A/A): ' : '';
  if (ended.kind !== 'looked')
    return {
      verdict: ended.kind === 'died' ? 'failed' : 'invalid',
      sentence: `${same}${ended.sentence}`,
      metrics: [],
      pairs,
      runs,
    };
  const { comparison } = ended;
  const [reason] = saturated;
  const words = describeComparison(comparison, { a: asked.a.name, b: asked.b.name });
  const own =
    reason === undefined
      ? ''
      : `; the load generator was the bottleneck in ${saturated.length} of ${2 * pairs.length} blocks: ${reason}`;
  return {
    verdict: verdictOf(comparison, saturated.length > pairs.length, asked.failOnInconclusive),
    sentence: `${same}${words}${own}`,
    ...(comparison.kind === 'not-enough-data'
      ? { metrics: [] }
      : { metrics: comparison.metrics, lost: comparison.lost }),
    pairs,
    runs,
  };
}

/**
 * A generator at its limit adds the same to both sides. That hides a difference and makes none, so a regression stands,
 * and the lack of one proves nothing where more than half of the blocks were spoilt.
 */
function verdictOf({ kind }: Comparison, isSpoilt: boolean, failOnInconclusive: boolean): FindingVerdict {
  switch (kind) {
    case 'regression':
    case 'losses':
      return 'failed';
    case 'no-reference':
    case 'not-enough-data':
      return 'invalid';
    case 'ok':
      return isSpoilt ? 'invalid' : 'passed';
    case 'inconclusive':
      return isSpoilt || failOnInconclusive ? 'invalid' : 'inconclusive';
  }
}
