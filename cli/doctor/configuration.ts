/** What the configuration says that loads depend on. */
import type { SeenConfig, SeenProject } from '../seen-config.ts';
import { bad, type Finding, fine, note } from './finding.ts';

/** A line of a script or of a CI system that runs Playwright with reporters of its own. */
export interface Override {
  /** File and what is written there. */
  readonly where: string;
  readonly line: string;
}

export interface ConfigurationParts {
  readonly seen: SeenConfig;
  readonly overrides: readonly Override[];
}

export function configurationFindings(parts: ConfigurationParts): readonly Finding[] {
  const { seen } = parts;
  const loads = (seen.projects ?? []).filter(({ isLoad }) => isLoad);
  return [
    ...reporterFindings(parts),
    ...(loads.length === 0 ? [withoutProject(seen)] : loads.flatMap((each) => projectFindings(seen, each))),
    ...timeFindings(seen),
  ];
}

const showing = ['html', 'json', 'junit'];

function reporterFindings({ seen, overrides }: ConfigurationParts): readonly Finding[] {
  const { reporters = [] } = seen;
  const at = reporters.findIndex(({ isLoadReporter }) => isLoadReporter);
  const later = reporters.slice(0, Math.max(0, at)).filter(({ name }) => showing.includes(name));
  const names = later.map(({ name }) => `\`${name}\``).join(', ');
  const own =
    at === -1
      ? bad(
          'reporter',
          '`playload/reporter` is not listed: no results are written, and shards cannot be judged',
          "add ['playload/reporter'] to `reporter`, before ['html']",
        )
      : later.length > 0
        ? note(
            'reporter',
            `${names} ${later.length > 1 ? 'come' : 'comes'} before it, and shows no charts and limits of loads`,
            "list ['playload/reporter'] before",
          )
        : fine('reporter', 'is listed, before those that show what it adds');
  return [
    own,
    ...overrides.map(({ where, line }) =>
      note(
        'reporter',
        `${where} says \`${line}\`, which replaces the reporters of the configuration`,
        'say `--add-reporter` there, or name playload/reporter among them',
      ),
    ),
  ];
}

const says = 'load project';

function withoutProject({ workers }: SeenConfig): Finding {
  const advice =
    "add { name: 'load', testMatch: '**/*.load.spec.*', workers: 1, retries: 0, metadata: { load: true } }";
  if (workers === 1) return note(says, 'there is none, so other tests and loads go by the same settings', advice);
  return bad(says, 'there is none, so load tests run several at a time, and measure each other', advice);
}

function projectFindings(all: SeenConfig, project: SeenProject): readonly Finding[] {
  const workers = project.workers ?? all.workers;
  const retries = project.retries ?? all.retries ?? 0;
  const { name } = project;
  return [
    workers === 1
      ? fine(says, `\`${name}\` runs one test at a time`)
      : bad(
          says,
          `\`${name}\` runs its tests on ${workers === undefined ? 'several workers' : `${workers} workers`}${(project.fullyParallel ?? all.fullyParallel) === true ? ', those of one file too' : ''}: loads would measure each other`,
          `say \`workers: 1\` in the project \`${name}\``,
        ),
    ...(retries > 0
      ? [
          note(
            says,
            `\`${name}\` has \`retries: ${retries}\`, and a load that was sent is not sent again for another verdict: each retry fails`,
            `say \`retries: 0\` in the project \`${name}\``,
          ),
        ]
      : []),
    ...besideOthers(all, project),
  ];
}

/** Projects run side by side, each with as many workers as it may have; one that another depends on has ended by then. */
function besideOthers({ projects = [], workers }: SeenConfig, { name }: SeenProject): readonly Finding[] {
  const dependenciesOf = (each: string) => projects.find((project) => project.name === each)?.dependencies ?? [];
  const inOrder = (each: string) => reaches(name, each, dependenciesOf) || reaches(each, name, dependenciesOf);
  const others = projects.filter((each) => each.name !== name && !inOrder(each.name));
  if (workers === 1 || others.length === 0) return [];
  const list = others
    .map((each) => (each.name === '' ? 'the project without a name' : `\`${each.name}\``))
    .slice(0, 3)
    .join(', ');
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return [
    fine(
      says,
      `\`${name}\` is measured best alone, by \`--project=${name}\`: without it, ${list}${more} may run beside it`,
    ),
  ];
}

/** Whether `to` is a dependency of `from`, or of one of its dependencies. Playwright refuses a circle. */
function reaches(from: string, to: string, dependenciesOf: (name: string) => readonly string[]): boolean {
  return dependenciesOf(from).some((each) => each === to || reaches(each, to, dependenciesOf));
}

function timeFindings({ globalTimeoutMs = 0, use, projects = [] }: SeenConfig): readonly Finding[] {
  const load = projects.find(({ isLoad }) => isLoad);
  const actionMs = load?.use.actionTimeoutMs ?? use.actionTimeoutMs ?? 0;
  return [
    ...(globalTimeoutMs > 0
      ? [
          note(
            'time limits',
            `\`globalTimeout\` ends the whole run after ${Math.round(globalTimeoutMs / 1_000)} s, and a load that is cut short is incomplete`,
            'see that all loads fit into it; the timeout of a test grows with its loads by itself',
          ),
        ]
      : []),
    ...(actionMs > 0 && actionMs < 1_000
      ? [
          note(
            'time limits',
            `\`actionTimeout\` is ${actionMs} ms, and each request of a load that takes longer has timed out`,
            "say `requestTimeout` in the load's options, or in `use: { loadOptions }`",
          ),
        ]
      : []),
  ];
}
