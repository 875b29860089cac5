/** What `npm run bench` understands. Everything that is wrong is said at once, before anything is started. */
import { parseArgs } from 'node:util';
import { throwProblems } from '../load/options-error.ts';

export interface BenchOptions {
  /** Names of the experiments to run, in the bench's own order. */
  readonly only: readonly string[];
  /** Shorter blocks, fewer repeats and fewer requests: to see that all works, not to quote. */
  readonly quick: boolean;
  /** A missed bar makes the exit code 1. */
  readonly strict: boolean;
  readonly help: boolean;
}

/** Throws `OptionsError`. `--only` takes one name, may be repeated, and may hold several with commas between. */
export function readOptions(argv: readonly string[], known: readonly string[]): BenchOptions {
  const { values, tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only = (values.only ?? []).flatMap((names) => (typeof names === 'string' ? names.split(',') : ['']));
  throwProblems([
    ...tokens.flatMap((token) =>
      token.kind === 'positional' ||
      (token.kind === 'option' && !['only', 'quick', 'strict', 'help'].includes(token.name))
        ? [
            `\`${token.kind === 'option' ? token.rawName : token.value}\` is no option; there are --only, --quick, --strict, --help`,
          ]
        : [],
    ),
    ...only.flatMap((name) =>
      known.includes(name) ? [] : [`\`--only\` must name an experiment (${known.join(', ')}), got \`${name}\``],
    ),
  ]);
  return {
    only: only.length === 0 ? known : known.filter((name) => only.includes(name)),
    quick: values.quick === true,
    strict: values.strict === true,
    help: values.help === true,
  };
}
