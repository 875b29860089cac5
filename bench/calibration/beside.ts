/**
 * Rows of the calibration by hey and autocannon, right after ours: what the field's tools read of the same server at the
 * same rate, as they report it. And by bare sockets that read no answer: what no tool on this machine can be better than.
 */
import { autocannon } from '../children/autocannon.ts';
import { bareSockets } from '../children/bare-sockets.ts';
import type { Server } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import { hasHey, hey } from '../children/hey.ts';
import type { Setting } from '../experiment.ts';
import { alignedTable } from '../table.ts';
import { behaviourNames } from './behaviours.ts';
import { besideRows, describeRow, type OpenRow } from './rows.ts';
import { type Calibrated, ms, signed } from './tables.ts';
import { type Held, truthOf } from './truth.ts';

/** What one tool measured of a row, of a server that did what `held` says. */
interface Beside {
  readonly row: OpenRow;
  readonly tool: string;
  readonly held: Held;
  readonly percentileMs: (percent: number) => number;
}

const connections = 50;

/** A tool that is not installed is left out. */
export async function besides({ cores }: Setting, { url }: Server, ours: readonly Calibrated[]): Promise<Beside[]> {
  const pin = (command: readonly string[]) => onCore(cores, 'generator', command);
  const all: Beside[] = [];
  for (const row of besideRows) {
    const { seconds, perSec } = row.load;
    const index = behaviourNames.indexOf(row.behaviour);
    const by = async (tool: string, run: (target: string) => Promise<Beside['percentileMs']>) => {
      const percentileMs = await run(`${url}/row/${index}/${tool}`);
      const held = (await (await fetch(`${url}/log/${index}/${tool}`)).json()) as Held;
      all.push({ row, tool, held, percentileMs });
    };
    all.push(...ours.filter((each) => each.row === row).map((own) => ofOurs(row, own)));
    if (hasHey())
      await by('hey', async (target) => {
        const run = await hey({ url: target, seconds, workers: connections, perSec, pin });
        return run.percentileMs;
      });
    await by('autocannon', async (target) => {
      const { p50Ms, p99Ms } = await autocannon({ url: target, seconds, connections, overallRate: perSec, pin });
      return (percent) => (percent === 50 ? p50Ms : p99Ms);
    });
    await by('bare sockets', async (target) => {
      const { p50Ms, p99Ms } = await bareSockets({ url: target, seconds, connections, perSec, pin });
      return (percent) => (percent === 50 ? p50Ms : p99Ms);
    });
  }
  return all;
}

function ofOurs(row: OpenRow, { figures, measurement: { held } }: Calibrated): Beside {
  return {
    ...{ row, tool: 'playload', held },
    percentileMs: (wanted) => figures.find(({ percent }) => percent === wanted)?.measuredMs ?? Number.NaN,
  };
}

export function besideTable(all: readonly Beside[]): string[] {
  const cells = all.flatMap(({ row, tool, held, percentileMs }) =>
    row.percentiles.map((percent) => {
      const heldMs = truthOf(row, held).percentileMs(percent);
      const measuredMs = percentileMs(percent);
      return [describeRow(row), tool, `p${percent}`, ms(heldMs), ms(measuredMs), signed(measuredMs - heldMs), ''];
    }),
  );
  return alignedTable(['load and server', 'by', 'figure', 'server did', 'measured', 'error ms', ''], cells, 2);
}
