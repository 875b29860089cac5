/** What it costs to put many segments together: `playwright merge-reports` on a blob report, with the load reporter in it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRun } from '../../load/measure/payload.ts';
import { runToEnd } from '../children/child.ts';
import { onCore } from '../children/cores.ts';
import { playwright, rootFolder } from '../children/programs.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, measured } from '../reading.ts';
import { manySegments } from '../worker/jobs.ts';
import { madeRun } from '../worker/made-run.ts';
import { readMoments } from '../worker/probe.ts';

/** `different`: so many payloads are made, since making one takes seconds, and the segments send them in turn. */
const run = { endpoints: 50, perSecond: 10, different: 4, laterMs: 7 };
const whole = { ...run, of: 64, seconds: 600 };
const quick = { ...run, of: 8, seconds: 60 };
/** What a merge takes that has next to nothing to merge. */
const empty = { endpoints: 1, perSecond: 1, different: 1, laterMs: 0, of: 1, seconds: 1 };
const limitMs = 300_000;

const workSeconds = below(5);
const memoryMb = below(500);
const payloadKb = below(2_048);

export const merge: Experiment = {
  name: 'merge',
  about: `the merge of ${whole.of} segments of ${whole.endpoints} endpoints over ${whole.seconds / 60} min, ${run.perSecond} requests a second to each`,
  measure: async (setting) => {
    const asked = setting.quick ? quick : whole;
    const [full, none] = [await merged(setting, asked), await merged(setting, empty)];
    return [
      measured('payload of a segment', 'KB', [full.payloadKb], { bar: payloadKb }),
      measured('work of the load reporter', 's', [full.reporterMs / 1_000], { bar: workSeconds }),
      measured('peak of its process above an empty merge', 'MB', [full.peakMb - none.peakMb], {
        bar: memoryMb,
        note: `${asked.of} segments, ${asked.different} of them different; an empty merge takes ${Math.round(none.peakMb)} MB`,
      }),
    ];
  },
};

type Asked = typeof whole;

interface Merged {
  readonly payloadKb: number;
  readonly reporterMs: number;
  readonly peakMb: number;
}

/** Makes the segments in one process, merges them in another. */
async function merged(setting: Setting, asked: Asked): Promise<Merged> {
  const own = join(setting.folder, `merge-${asked.of}`);
  const blobs = join(own, 'blobs');
  await mkdir(blobs, { recursive: true });
  const { of, seconds, laterMs } = asked;
  const { answer } = await inWorker(setting, {
    job: manySegments,
    ask: { of, seconds, laterMs, files: await madeFiles(own, asked), startedAtEpochMs: Date.now() },
    limitMs,
    args: [`--repeat-each=${asked.of}`, '--reporter=blob'],
    env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: join(blobs, 'report.zip') },
  });
  const config = 'bench/worker/merge.config.ts';
  await runToEnd({
    command: onCore(setting.cores, 'generator', playwright(setting.node, 'merge-reports', '-c', config, blobs)),
    cwd: rootFolder,
    env: { BENCH_FOLDER: own, FORCE_COLOR: '0' },
    limitMs,
  });
  const { reporterMs = Number.NaN, peakMb = Number.NaN } = readMoments(own);
  return { ...answer, reporterMs, peakMb };
}

async function madeFiles(folder: string, { of, different, ...asked }: Asked): Promise<string[]> {
  const files = Array.from({ length: different }, (_, index) => join(folder, `made-${index}.json`));
  for (const [index, file] of files.entries())
    await writeFile(file, JSON.stringify(encodeRun(madeRun(asked, { index, of }))));
  return files;
}
