/** Blocks of several senders as rows: what each did, and one over the other, round by round. */
import { median } from '../../load/analysis/statistics/quantile.ts';
import type { Server } from '../children/child.ts';
import { cpuShareOf } from '../children/cpu-share.ts';
import { inWorker } from '../children/worker.ts';
import type { Setting } from '../experiment.ts';
import { type Bar, measured, type Reading } from '../reading.ts';
import { ratios } from '../spread.ts';
import { type Block, type Sender, speed } from '../worker/jobs.ts';

const names: Readonly<Record<Sender, string>> = {
  autocannon: 'autocannon',
  h2load: 'h2load',
  context: 'RequestContext',
  body: '`body()`',
  discard: '`discardBody`',
  fixture: '`load` fixture',
  traced: '`load` with `traceparent`',
};

/** Each round has one block of each, so that a ratio is of two neighbours; the median of so few is no luck of one. */
const rounds = { usual: 7, quick: 5 } as const;
/** As many that begin with the one as with the other. */
const fineRounds = { usual: 32, quick: 16 } as const;
const limitMs = 300_000;

/** What senders did of one server. */
export class Compared {
  readonly #blocks: Readonly<Partial<Record<Sender, readonly Block[]>>>;
  /** How busy the server was meanwhile. */
  readonly note: string;

  constructor(blocks: Readonly<Partial<Record<Sender, readonly Block[]>>>, note: string) {
    this.#blocks = blocks;
    this.note = note;
  }

  /** One figure of each block. Throws if it did not send. */
  figures(sender: Sender, of: (block: Block) => number): number[] {
    const blocks = this.#blocks[sender];
    if (blocks === undefined) throw new Error(`${names[sender]} has sent nothing`);
    return blocks.map(of);
  }

  /** Answers per second, and per second of CPU time: the latter is what one core could do. */
  rates(...senders: readonly Sender[]): Reading[] {
    return [
      ...senders.map((sender, at) =>
        measured(names[sender], '/s', this.figures(sender, perSec), at === 0 ? { note: this.note } : {}),
      ),
      ...senders.map((sender) => measured(`${names[sender]}: per CPU second`, '/s', this.figures(sender, perCpuSec))),
    ];
  }

  /** Of both rates; the bar is for both. */
  ratio(of: Sender, over: Sender, bar?: Bar): Reading[] {
    const what = `${names[of]} ÷ ${names[over]}`;
    const aside = bar === undefined ? {} : { bar };
    return [
      measured(what, '×', ratios(this.figures(of, perSec), this.figures(over, perSec)), aside),
      measured(
        `${what}, per CPU second`,
        '×',
        ratios(this.figures(of, perCpuSec), this.figures(over, perCpuSec)),
        aside,
      ),
    ];
  }
}

export const perSec = ({ requests, ms }: Block) => (requests * 1_000) / ms;
export const perCpuSec = ({ requests, cpuMs }: Block) => (requests * 1_000) / cpuMs;

interface CompareParts {
  readonly senders: readonly Sender[];
  readonly http2?: boolean;
  /** How many times as long as usual a block is. */
  readonly longer?: number;
  /** More and shorter blocks, for a ratio that must be known to a percent. */
  readonly isFine?: boolean;
}

/** The senders in a Playwright worker, in turn. */
export async function compare(
  { url, pid }: Server,
  setting: Setting,
  { senders, http2 = false, longer = 1, isFine = false }: CompareParts,
): Promise<Compared> {
  const { quick } = setting;
  const blockSeconds = (quick || isFine ? 1 : 2) * longer;
  const ask = { url, senders, http2, rounds: (isFine ? fineRounds : rounds)[quick ? 'quick' : 'usual'], blockSeconds };
  const { result, share } = await cpuShareOf(pid, async () => inWorker(setting, { job: speed, ask, limitMs }));
  return new Compared(result.answer, `the server's core was ${share} % busy on average, ${gotOfACore(result.answer)}`);
}

/** Below it a block is mostly what comes once in it: connections, threads, the end of a run. */
const enoughPercent = 50;

/** What the machine left to whoever got least: a ratio of blocks that hardly ran is no figure. */
function gotOfACore(blocks: Readonly<Partial<Record<Sender, readonly Block[]>>>): string {
  const medians = Object.values(blocks).map((each) => median(each.map(({ cpuMs, ms }) => (cpuMs * 100) / ms)) ?? 0);
  const least = Math.round(Math.min(...medians));
  return `the generators had ${least} % of a core or more${least < enoughPercent ? ', which is too little: repeat it on an idle machine' : ''}`;
}
