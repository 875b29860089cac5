#!/usr/bin/env node
/** `npx playload <command>`: the commands beside Playwright's own. */
import { OptionsError } from '../load/options-error.ts';
import { doctorHelp } from './doctor/help.ts';
import { from, fromHelp } from './from/from.ts';
import { initHelp } from './init/help.ts';
import { local, localHelp } from './local/local.ts';
import { meet, meetHelp } from './meet.ts';
import { UsageError } from './usage-error.ts';

interface Command {
  readonly help: string;
  /** Resolves with the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** What only one command needs is loaded by it: the parser of `init`, above all. */
const commands: Readonly<Record<string, Command>> = {
  doctor: { help: doctorHelp, run: async (args) => (await import('./doctor/doctor.ts')).doctor(args) },
  from: { help: fromHelp, run: from },
  init: { help: initHelp, run: async (args) => (await import('./init/init.ts')).init(args) },
  local: { help: localHelp, run: local },
  meet: { help: meetHelp, run: meet },
};

const help = `Usage: npx playload <command> [options]

  init    makes a Playwright project ready for load tests
  doctor  looks for what keeps load tests of this project, on this machine, from being right
  from    writes a spec out of a HAR file, a Playwright trace or an OpenAPI document
  local   runs all shards of a load on this machine, and judges them as one
  meet    serves a place where shards on several machines wait for each other

npx playload <command> --help says more.
`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) throw new UsageError(`a command is missing\n\n${help}`);
  if (name === '--help' || name === '-h' || name === 'help') return print(help);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`\`${name}\` is no command\n\n${help}`);
  if (args.includes('--help') || args.includes('-h')) return print(command.help);
  return command.run(args);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof OptionsError;
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(`playload: ${said}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
