/** Several loads of one test as one subject of `toMeet`: what `expect.loads` judges. */
import { LoadRun, Measured, partOf } from './load-run.ts';
import { entryName } from './measure/entry-name.ts';
import { putTogether } from './measure/loads-together.ts';
import type { RunData } from './measure/run-data.ts';
import { show } from './measure/units.ts';
import { OptionsError } from './options-error.ts';
import { isSameTest } from './runs-under-test.ts';
import type { RunLimits } from './verdict/limits.ts';

const loadsBySubject = new WeakMap<object, readonly RunData[]>();

/** The loads that a limit on this is put on; undefined for what is of one load. */
export function loadsOf(subject: object): readonly RunData[] | undefined {
  return loadsBySubject.get(subject);
}

/** Throws an `OptionsError` for what is not two or more loads of one test and one model. */
export function severalLoads(runs: readonly unknown[]): Measured<RunLimits> {
  const loads = runs.map(loadOf);
  const [first, ...others] = loads;
  if (first === undefined || others.length === 0)
    throw new OptionsError([
      `\`expect.loads\` judges several loads as one, got ${first === undefined ? 'none' : 'one'}: of a single load ask \`expect(run)\``,
    ]);
  if (new Set(loads).size < loads.length)
    throw new OptionsError(['`expect.loads` was given a load twice: its requests would count twice']);
  if (others.some((other) => !isSameTest(first, other)))
    throw new OptionsError([
      '`expect.loads` judges loads of the test at hand: each test has a verdict of its own, so put the loads into one test',
    ]);
  if (others.some(({ plan }) => plan.model !== first.plan.model))
    throw new OptionsError([
      '`expect.loads` judges loads of one model: a bare latency is response time in an open one and service time in a closed one',
    ]);
  putTogether(loads);
  const name = entryName(`loads ${loads.map(({ plan }) => plan.name ?? plan.profile).join(', ')}`);
  const scope = { kind: 'loads', name, loads: loads.map(({ plan }) => plan.index) } as const;
  const subject = new Measured<RunLimits>({ data: first, scope });
  loadsBySubject.set(subject, loads);
  return subject;
}

function loadOf(run: unknown): RunData {
  if (run instanceof LoadRun) return partOf(run).data;
  throw new OptionsError([
    `\`expect.loads\` takes what \`load\` resolves with, got ${show(run)}; was an \`await\` forgotten?`,
  ]);
}
