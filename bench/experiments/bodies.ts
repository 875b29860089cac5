/** Long answers: how much comes in, what a MB costs, and what stays in memory of bodies that nobody wants. */
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, exactly, measured, type Reading } from '../reading.ts';
import { withServerOf } from '../servers/start.ts';
import { type Block, memory, type Sender } from '../worker/jobs.ts';
import { compare, perSec } from './senders.ts';

const sizes = [
  { name: '100 KB', bytes: 100 * 2 ** 10 },
  { name: '2 MB', bytes: 2 * 2 ** 20 },
] as const;
const senders = ['autocannon', 'body', 'discard'] as const satisfies readonly Sender[];
const titles = { autocannon: 'autocannon', body: '`body()`', discard: '`discardBody`' } as const;
/** Of the whole worker, above what it had before the first request. */
const grownMb = 100;
const manyUsers = 100;

export const bodies: Experiment = {
  name: 'bodies',
  about: `answers of ${sizes.map(({ name }) => name).join(' and ')}, 50 connections: autocannon, the request context with \`body()\` and with \`discardBody\``,
  ofGenerators: true,
  measure: async (setting) => {
    const readings: Reading[] = [];
    for (const size of sizes) readings.push(...(await throughputOf(size, setting)));
    return [...readings, ...(await memoryWith('nothing', setting)), ...(await memoryWith('body', setting))];
  },
};

async function throughputOf({ name, bytes }: (typeof sizes)[number], setting: Setting): Promise<Reading[]> {
  return withServerOf(bytes)(setting, async (server) => {
    const compared = await compare(server, setting, { senders });
    const mb = bytes / 2 ** 20;
    const cpuMsPerMb = ({ cpuMs, requests }: Block) => cpuMs / (requests * mb);
    return [
      ...senders.map((sender, at) =>
        measured(
          `${name}: ${titles[sender]}`,
          'MB/s',
          compared.figures(sender, (block) => perSec(block) * mb),
          at === 0 ? { note: compared.note } : {},
        ),
      ),
      ...senders.map((sender) =>
        measured(`${name}: ${titles[sender]}, CPU per MB`, 'ms', compared.figures(sender, cpuMsPerMb)),
      ),
      ...[...compared.ratio('body', 'autocannon'), ...compared.ratio('discard', 'autocannon')].map((reading) => ({
        ...reading,
        what: `${name}: ${reading.what}`,
      })),
    ];
  });
}

/** Resident memory of a worker that has done nothing before, under a closed load of 2 MB answers. */
async function memoryWith(read: 'nothing' | 'body', setting: Setting): Promise<Reading[]> {
  const { name, bytes } = sizes[1];
  const what = `${name} × ${manyUsers} users, ${read === 'body' ? titles.body : titles.discard}`;
  return withServerOf(bytes)(setting, async ({ url }) => {
    const requests = setting.quick ? 500 : 3_000;
    const ask = { url, requests, users: manyUsers, read, lookEvery: 10 };
    const { answer } = await inWorker(setting, { job: memory, ask });
    const beforeMb = answer.rssMb[0]?.mb ?? Number.NaN;
    const highestMb = Math.max(...answer.rssMb.map(({ mb }) => mb));
    const note = `${Math.round(beforeMb)} MB before the first request, ${Math.round(highestMb)} MB at its highest`;
    return [
      measured(`${what}: answered`, 'requests', [answer.ok], { bar: exactly(requests) }),
      measured(`${what}: resident memory grew by`, 'MB', [highestMb - beforeMb], {
        note,
        ...(read === 'nothing' && { bar: below(grownMb) }),
      }),
    ];
  });
}
