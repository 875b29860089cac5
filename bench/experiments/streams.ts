/**
 * Streams beside their server's own log: when first events and gaps came, which streams were cut, and what stood in them;
 * how late events of a flood are taken, and what a stream that is open holds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { median } from '../../load/analysis/statistics/quantile.ts';
import type { Summary } from '../../load/measure/summary.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { atLeast, below, exactly, measured, type Reading } from '../reading.ts';
import { withStreamServer } from '../servers/start.ts';
import { schedule, type StreamLog } from '../servers/stream-schedule.ts';
import { streams, type TakenStream } from '../worker/jobs.ts';

const bars = { firstMs: 3, gapMs: 2, lagMs: 10, heldKb: 50 } as const;
const perSec = 10_000;

export const streamsExperiment: Experiment = {
  name: 'streams',
  about:
    "event streams at 20/s beside the server's own log, 10,000 events/s over ten streams, and 1,000 streams open at once",
  measure: async (setting) =>
    withStreamServer(setting, async ({ url }) => {
      const seconds = setting.quick ? 5 : 10;
      const flood = { perSec, streams: 10, seconds: setting.quick ? 3 : 10 };
      const ask = { url, seededSeconds: seconds, flood, open: 1_000 };
      const { answer, folder } = await inWorker(setting, { job: streams, ask });
      const logs = (await (await fetch(`${url}/log`)).json()) as readonly StreamLog[];
      const { runs } = JSON.parse(readFileSync(join(folder, 'load-results', 'summary.json'), 'utf8')) as Summary;
      const stream = runs.find(({ endpoints }) => endpoints.some(({ name }) => name === 'GET /seeded'))?.endpoints[0]
        ?.stream;
      const { flood: flooded, heldKb } = answer;
      return [
        ...sameAsLog(logs, answer.taken, 20 * seconds),
        apart(
          'first event p50, apart from the log',
          stream?.firstEventMs?.p50,
          logs.map(({ firstMs }) => firstMs),
          bars.firstMs,
        ),
        apart(
          'gap p50, apart from the log',
          stream?.gapMs?.p50,
          logs.flatMap(({ gapsMs }) => gapsMs),
          bars.gapMs,
        ),
        measured('gap p99', 'ms', [stream?.gapMs?.p99 ?? Number.NaN], { bar: atLeast(schedule.stallMs) }),
        measured('streams in the book as cut', 'requests', [stream?.cut ?? Number.NaN], {
          bar: exactly(logs.filter(({ isCut }) => isCut).length),
        }),
        measured(`events taken of a flood of ${perSec}/s`, 'requests', [flooded.events], {
          bar: exactly(perSec * flood.seconds),
        }),
        measured('lag p99, from the write to the scenario', 'ms', [flooded.p99Ms], {
          bar: below(bars.lagMs),
          note:
            `p50 ${flooded.p50Ms.toFixed(2)} ms; a bare client of node:http just before: p99 ${flooded.bareP99Ms.toFixed(1)} ms; ` +
            `the generator took ${flooded.cpuPercent.toFixed(0)} % of a core`,
        }),
        measured('held by a stream of 1,000 that are open', 'KB', [heldKb], { bar: below(bars.heldKb) }),
      ];
    }),
};

function apart(what: string, ours: number | undefined, logged: readonly number[], bar: number): Reading {
  const theirs = median(logged) ?? Number.NaN;
  return measured(what, 'ms', [Math.abs((ours ?? Number.NaN) - theirs)], {
    bar: below(bar),
    note: `ours ${ours?.toFixed(2) ?? 'absent'} ms, the server's ${theirs.toFixed(2)} ms`,
  });
}

/** Each stream to the byte, and each cut named with the events that were got. */
function sameAsLog(logs: readonly StreamLog[], taken: readonly TakenStream[], expected: number): Reading[] {
  const byNumber = new Map(taken.map((stream) => [stream.n, stream]));
  const same = logs.filter((log) => JSON.stringify(byNumber.get(log.n)?.events) === JSON.stringify(eventsOf(log)));
  const cut = logs.filter(({ isCut }) => isCut);
  const named = cut.filter(({ n }) => byNumber.get(n)?.failure.includes(`cut off after ${schedule.cutAfter} events`));
  const unexpected = taken.filter(({ n, failure }) => failure !== '' && !schedule.isCut(n));
  return [
    measured('streams', 'requests', [logs.length], { bar: exactly(expected) }),
    measured('of them to the byte what the parser makes of all', 'requests', [same.length], {
      bar: exactly(logs.length),
    }),
    measured('cuts named with their events', 'requests', [named.length], { bar: exactly(cut.length) }),
    measured('failed otherwise', 'requests', [unexpected.length], { bar: exactly(0) }),
  ];
}

function eventsOf({ bytes }: StreamLog): string[] {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  parser.feed(Buffer.from(bytes, 'base64').toString('utf8'));
  return events;
}
