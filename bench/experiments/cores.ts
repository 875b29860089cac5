/** What one more core is worth, and what it costs: iterations that need CPU alone, since a server would need a core too. */
import { median } from '../../load/analysis/statistics/quantile.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { atLeast, below, measured, type Reading } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { coresSpeed, type CoresAnswer } from '../worker/jobs.ts';

const leastGain = 1.7;
const startMs = 1_500;
const memoryMb = 120;
const skewMs = 50;

export const cores: Experiment = {
  name: 'cores',
  about: 'a load of 200 µs of CPU an iteration from two cores and from one, in turn; what the second costs',
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const rounds = setting.quick ? 2 : 5;
      const [one, two]: [CoresAnswer[], CoresAnswer[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        one.push(await answerOf(url, 1, setting));
        two.push(await answerOf(url, 2, setting));
      }
      return readingsOf(one, two);
    }),
};

/** On no core of its own: it is to have two. */
async function answerOf(url: string, count: number, setting: Setting): Promise<CoresAnswer> {
  const free = { ...setting, cores: { kind: 'free', reason: 'two are measured' } } as const;
  const { answer } = await inWorker(free, {
    job: coresSpeed,
    ask: { url, cores: count, seconds: setting.quick ? 4 : 8, askedAtEpochMs: Date.now() },
  });
  return answer;
}

const each = (answers: readonly CoresAnswer[], figure: keyof CoresAnswer) => answers.map((answer) => answer[figure]);

function readingsOf(one: readonly CoresAnswer[], two: readonly CoresAnswer[]): Reading[] {
  const middle = (answers: readonly CoresAnswer[]) => median(answers.map(({ perSec }) => perSec)) ?? Number.NaN;
  const startsMs = two.map(({ besideMs }, at) => besideMs - (one[at]?.besideMs ?? Number.NaN));
  return [
    measured(
      'one core',
      '/s',
      one.map(({ perSec }) => perSec),
    ),
    measured(
      'two cores',
      '/s',
      two.map(({ perSec }) => perSec),
    ),
    measured('two cores ÷ one', '×', [middle(two) / middle(one)], { bar: atLeast(leastGain) }),
    measured('second core: start', 'ms', startsMs, { bar: below(startMs) }),
    measured('a Playwright run until its test begins', 'ms', each(one, 'playwrightMs'), {
      note: 'no core can start sooner: it runs the same test',
    }),
    measured(
      'second core: memory (PSS)',
      'MB',
      two.map(({ runnerMb, workersMb }) => runnerMb + workersMb),
      { bar: below(memoryMb) },
    ),
    measured('of it, the worker: each further core', 'MB', each(two, 'workersMb')),
    measured('of it, its Playwright: one for all further cores', 'MB', each(two, 'runnerMb')),
    measured('second core: begun apart', 'ms', each(two, 'skewMs'), { bar: below(skewMs) }),
  ];
}
