/** What `npm run bench` understands. Everything that is wrong is said at once, before anything is started. */
import { parseArgs } from 'node:util';
import { throwProblems } from '../load/options-error.ts';
import type { OtherNode } from './children/nodes.ts';

export interface BenchOptions {
  /** Names of the experiments to run, in the bench's own order. */
  readonly only: readonly string[];
  /** Shorter blocks, fewer repeats and fewer requests: to see that all works, not to quote. */
  readonly quick: boolean;
  /** A missed bar makes the exit code 1. */
  readonly strict: boolean;
  /** Other Nodes to compare generators under, each by its path. */
  readonly nodes: readonly OtherNode[];
  readonly help: boolean;
}

/** What the command line is held against. */
interface Known {
  readonly experiments: readonly string[];
  /** The version that the program at a path tells; undefined if it is no Node. */
  readonly nodeVersion: (path: string) => string | undefined;
}

const names = ['only', 'quick', 'strict', 'node', 'help'];
const allOptions = names.map((name) => `--${name}`).join(', ');

/**
 * Throws `OptionsError`. `--only` takes one name, may be repeated, and may hold several with commas between; `--node`
 * takes a path and may be repeated.
 */
export function readOptions(argv: readonly string[], { experiments, nodeVersion }: Known): BenchOptions {
  const { values, tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      node: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  const only = (values.only ?? []).flatMap((names) => (typeof names === 'string' ? names.split(',') : ['']));
  const paths = (values.node ?? []).map((path) => (typeof path === 'string' ? path : ''));
  const nodes = paths.map((path) => ({ path, version: path === '' ? undefined : nodeVersion(path) }));
  throwProblems([
    ...tokens.flatMap((token) =>
      token.kind === 'positional' || (token.kind === 'option' && !names.includes(token.name))
        ? [`\`${token.kind === 'option' ? token.rawName : token.value}\` is no option; there are ${allOptions}`]
        : [],
    ),
    ...only.flatMap((name) =>
      experiments.includes(name)
        ? []
        : [`\`--only\` must name an experiment (${experiments.join(', ')}), got \`${name}\``],
    ),
    ...nodes.flatMap(({ path, version }) =>
      version === undefined ? [`\`--node\` must be the path of a Node, got \`${path}\``] : [],
    ),
  ]);
  return {
    only: only.length === 0 ? experiments : experiments.filter((name) => only.includes(name)),
    quick: values.quick === true,
    strict: values.strict === true,
    nodes: nodes.flatMap(({ path, version }) => (version === undefined ? [] : [{ path, version }])),
    help: values.help === true,
  };
}
