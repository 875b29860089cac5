/**
 * Searches on servers of known capacity, several on each: how far each answer is from the truth, and whether it names
 * the limit.
 */
import type { Server } from '../children/child.ts';
import { inWorker } from '../children/worker.ts';
import type { Setting } from '../experiment.ts';
import { withCapacityServer } from '../servers/start.ts';
import { alignedTable } from '../table.ts';
import { capacity } from '../worker/jobs.ts';
import { capacities, type CapacityAnswer, capacityNames, type CapacityName, capacityProblems } from './capacities.ts';

const heads = ['server', 'breaks at', 'sustained', 'failed', 'of the truth', 'limited by', 'steps', 'took', ''];

export interface Searched {
  readonly lines: readonly string[];
  /** Whether every answer was right. */
  readonly right: boolean;
}

/**
 * A server of its own for each search: one that died is not there for the next. `only`: these servers, or all where it
 * is empty.
 */
export async function breakingPoints(
  setting: Setting,
  { times, only }: { readonly times: number; readonly only: readonly string[] },
  say: (line: string) => void,
): Promise<Searched> {
  const rows: string[][] = [];
  let right = true;
  for (const name of capacityNames.filter((each) => only.length === 0 || only.includes(each))) {
    for (let time = 1; time <= times; time++) {
      const answer = await withCapacityServer(setting, async (server) => search(setting, server, name));
      const problems = capacityProblems(name, answer);
      right &&= problems.length === 0;
      rows.push(cellsOf(name, answer, problems));
      say(`${capacities[name].words}, ${time} of ${times}: ${answer.sentence}`);
    }
  }
  return { lines: alignedTable(heads, rows, 1), right };
}

async function search(setting: Setting, { url }: Server, name: CapacityName): Promise<CapacityAnswer> {
  const { answer } = await inWorker(setting, {
    job: capacity,
    ask: { url: `${url}/${name}` },
    limitMs: 600_000,
    mayFail: true,
  });
  return answer;
}

function cellsOf(name: CapacityName, answer: CapacityAnswer, problems: readonly string[]): string[] {
  const { words, perSec } = capacities[name];
  const { sustained, failed, limitedBy, steps, seconds } = answer;
  return [
    words,
    `${perSec}/s`,
    sustained === undefined ? '–' : `${sustained}/s`,
    failed === undefined ? '–' : `${failed}/s`,
    sustained === undefined ? '–' : (sustained / perSec).toFixed(3),
    limitedBy ?? '–',
    String(steps),
    `${seconds.toFixed(0)} s`,
    problems.length === 0 ? '✓' : `✗ ${problems.join(', ')}`,
  ];
}
