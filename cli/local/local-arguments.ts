/** What `playload local` takes for itself; everything else is Playwright's, and goes to every shard. */
import { takeValues, wholeNumber } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';

export interface LocalArguments {
  readonly shards: number;
  /** As given; without it, that of the folder. */
  readonly config?: string;
  /** Of the merge, which is where all is reported. */
  readonly reporter?: string;
  readonly playwright: readonly string[];
}

/** More processes than any machine has a use for. */
const mostShards = 64;

/** What cannot be said of several shards at once, and what to do instead. */
const refused: Readonly<Record<string, string>> = {
  '--shard': 'the shards are numbered here: say `--shards 4`',
  '--add-reporter': 'the merge reports: say `--reporter`',
  '--output': 'each shard has a folder of its own',
  '--last-failed': 'each shard has a folder of its own, and no last run in it',
  '--list': 'ask `npx playwright test --list`',
  '--ui': 'it shows one run, and these are several',
  '--ui-host': 'it shows one run, and these are several',
  '--ui-port': 'it shows one run, and these are several',
  '--debug': 'it holds one run, and these are several',
};

/** Throws `UsageError`. */
export function localArguments(args: readonly string[]): LocalArguments {
  const own = takeValues(args.flatMap(spelled), [['--shards'], ['--config', '-c'], ['--reporter']]);
  for (const word of own.rest) {
    const [name = ''] = word.split('=');
    const why = Object.hasOwn(refused, name) ? refused[name] : undefined;
    if (why !== undefined) throw new UsageError(`\`playload local\` takes no \`${name}\`: ${why}`);
  }
  refuseUnseeded(own.rest);
  const [config, reporter] = [own.values.get('--config'), own.values.get('--reporter')];
  return {
    shards: wholeNumber(own, '--shards', { least: 1, most: mostShards, example: 4 }),
    playwright: own.rest,
    ...(config !== undefined && { config }),
    ...(reporter !== undefined && { reporter }),
  };
}

/** `-cfile` in two words; the `--` before the options of somebody else is no word of theirs. */
function spelled(word: string): readonly string[] {
  if (word === '--') return [];
  return /^-c./s.test(word) ? ['-c', word.slice(2)] : [word];
}

function refuseUnseeded(words: readonly string[]): void {
  const at = words.indexOf('--shuffle');
  const seed = words[at + 1] ?? '-';
  if (at === -1 || !seed.startsWith('-')) return;
  throw new UsageError(
    '`playload local` takes no `--shuffle` without a seed: the shards would come to their tests in different orders, so say `--shuffle=1`',
  );
}
