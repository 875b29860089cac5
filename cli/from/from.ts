/** `playload from`: a spec out of what people have, a recording of a browser or the description of an API. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { durationMsOf, durationProblem } from '../../load/measure/units.ts';
import { plainLine } from '../../load/measure/plain-line.ts';
import { type Taken, takeValues, wholeNumber } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';
import { journeySpec } from './journey-spec.ts';
import { choose } from './left-out.ts';
import { openapiSpec } from './openapi/openapi-spec.ts';
import { readDescription } from './openapi/read-description.ts';
import { readHarFile, readTraceFile, type Recording } from './read-recording.ts';

const defaults = { users: '5', duration: '30s' };

export const fromHelp = `Usage: npx playload from har <file.har> [options]
       npx playload from trace <trace.zip> [options]
       npx playload from openapi <openapi.json> [options]

Writes a spec in TypeScript. Of a recording: what the person did, with ids taken from the answers they came in, pauses as
they were, and without cookies, static files and secrets, which come from the environment. Of a description of an API:
each operation once, as tasks of a mix, reads ten times as often as writes (or by \`x-weight\`).

  --out <file>          where it is written; default: printed
  --force               writes over a file that is there
  --users <n>           default ${defaults.users}
  --for <time>          default ${defaults.duration}
  --origin <url>        keeps requests to this origin, too (several: with commas); har and trace
  --all                 keeps static files and every origin; har and trace
`;

const spellings = [['--out', '-o'], ['--users'], ['--for'], ['--origin']] as const;
/** More requests than this are no journey of a person, and no spec that anybody would read. */
const mostRequests = 1_000;

interface Asked {
  readonly file: string;
  readonly users: number;
  readonly duration: string;
  readonly origins: readonly string[];
  readonly all: boolean;
}

interface Made {
  readonly spec: string;
  /** For who has asked: what is in it and what is not. */
  readonly said: readonly string[];
}

const makers: Readonly<Record<string, (asked: Asked) => Made>> = {
  har: (asked) => fromRecording(asked, readHarFile),
  trace: (asked) => fromRecording(asked, readTraceFile),
  openapi: fromOpenapi,
};

/** Resolves with 0 once the spec is written, and with 1 where there was nothing to write one of. */
export async function from(args: readonly string[]): Promise<number> {
  const [kind = '', ...others] = args;
  const make = Object.hasOwn(makers, kind) ? makers[kind] : undefined;
  if (make === undefined)
    throw new UsageError(`\`from\` reads har, trace or openapi, got "${plainLine(kind)}"\n\n${fromHelp}`);
  const taken = takeValues(others, spellings);
  const flags = new Set(taken.rest.filter((word) => word.startsWith('-')));
  const files = taken.rest.filter((word) => !word.startsWith('-'));
  refuseOthers(kind, flags, files, taken);
  const out = taken.values.get('--out');
  if (out !== undefined && !flags.has('--force') && existsSync(out))
    throw new UsageError(`\`${out}\` is there already: name another file, or say \`--force\``);
  const { spec, said } = make(askedOf(taken, files[0] ?? '', flags.has('--all')));
  if (out === undefined) process.stdout.write(spec);
  else {
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, spec, { flag: flags.has('--force') ? 'w' : 'wx' });
  }
  for (const line of said) process.stderr.write(`${plainLine(line)}\n`);
  if (out !== undefined) process.stderr.write(`${plainLine(`written to ${out}`)}\n`);
  return 0;
}

function refuseOthers(kind: string, flags: ReadonlySet<string>, files: readonly string[], { values }: Taken): void {
  const known = kind === 'openapi' ? ['--force'] : ['--force', '--all'];
  for (const flag of flags)
    if (!known.includes(flag)) throw new UsageError(`\`${flag}\` is no option of \`playload from ${kind}\``);
  if (kind === 'openapi' && values.has('--origin'))
    throw new UsageError('`--origin` is no option of `playload from openapi`');
  if (files.length !== 1)
    throw new UsageError(`\`playload from ${kind}\` reads one file, got ${files.length === 0 ? 'none' : files.length}`);
}

function askedOf(taken: Taken, file: string, all: boolean): Asked {
  const withDefault = { ...taken, values: new Map([['--users', defaults.users], ...taken.values]) };
  const duration = taken.values.get('--for') ?? defaults.duration;
  if ((durationMsOf(duration) ?? 0) <= 0) throw new UsageError(durationProblem('--for', duration));
  const origins = (taken.values.get('--origin') ?? '').split(',').filter((each) => each !== '');
  for (const origin of origins)
    if (!/^https?:/.test(origin) || !URL.canParse(origin))
      throw new UsageError(`\`--origin\` must be such as https://api.example.com, got "${origin}"`);
  return {
    file,
    users: wholeNumber(withDefault, '--users', { least: 1, most: 100_000, example: 20 }),
    duration,
    origins: origins.map((origin) => new URL(origin).origin),
    all,
  };
}

function fromRecording(asked: Asked, read: (path: string) => Recording): Made {
  const { file, users, duration } = asked;
  const name = plainLine(basename(file));
  const recording = reading(file, read);
  const { exchanges, origin, leftOut } = choose(recording.exchanges, asked);
  const counts = [...leftOut, ...(recording.unanswered > 0 ? [['never answered', recording.unanswered] as const] : [])];
  const without = counts.map(([why, count]) => `${count} ${why}`).join(', ');
  if (exchanges.length === 0)
    throw new Error(
      `\`${file}\` has nothing to replay${without === '' ? ': it has no requests' : `: all was left out (${without}); \`--all\` keeps static files and other origins`}`,
    );
  if (exchanges.length > mostRequests)
    throw new Error(
      `\`${file}\` has ${exchanges.length} requests, and a spec of at most ${mostRequests} is written: record one journey, or send the file itself with \`replay\``,
    );
  const leftOutWords = without === '' ? [] : [`Left out: ${without}.`];
  const notes = [
    `${name}, recorded at ${origin}, as a load: made by \`npx playload from\`. The server that is tested is \`baseURL\`.`,
    ...leftOutWords,
  ];
  return {
    spec: journeySpec({ title: name, exchanges, origin, users, duration, notes }),
    said: [`${exchanges.length} requests of ${name}`, ...leftOutWords],
  };
}

function fromOpenapi({ file, users, duration }: Asked): Made {
  const name = plainLine(basename(file));
  const description = reading(file, readDescription);
  const made = openapiSpec({ name, description, users, duration });
  return { spec: made.spec, said: [`${made.operations} operations of ${name}`, ...made.notes] };
}

/** Names the file in whatever is wrong with it. */
function reading<Read>(file: string, read: (path: string) => Read): Read {
  try {
    return read(file);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isMissing ? 'there is no such file' : cause instanceof Error ? cause.message : String(cause);
    throw new Error(`\`${file}\` cannot be used: ${why}`, { cause });
  }
}
