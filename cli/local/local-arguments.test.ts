import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { localArguments } from './local-arguments.ts';

const cases = [
  { words: '--shards 4', args: { shards: 4, playwright: [] } },
  { words: '--shards=2 --project=load a.spec.ts', args: { shards: 2, playwright: ['--project=load', 'a.spec.ts'] } },
  { words: '-c x.ts --shards 2 -g slow', args: { shards: 2, config: 'x.ts', playwright: ['-g', 'slow'] } },
  { words: '-cx.ts --shards 2', args: { shards: 2, config: 'x.ts', playwright: [] } },
  { words: '--shards 2 -- --project=load -c x.ts', args: { shards: 2, config: 'x.ts', playwright: ['--project=load'] } }, // prettier-ignore
  { words: '--shards 2 --shuffle=7', args: { shards: 2, playwright: ['--shuffle=7'] } },
  { words: '--config=x.ts --shards 2 --reporter dot', args: { shards: 2, config: 'x.ts', reporter: 'dot', playwright: [] } }, // prettier-ignore
];
for (const { words, args } of cases) {
  test(`\`playload local ${words}\` is understood`, () => {
    expect(localArguments(words.split(' '))).toEqual(args);
  });
}

const needed = '`--shards` must be a whole number from 1 to 64, such as 4, got';
const refused = [
  { words: '', says: `${needed} nothing` },
  { words: '--shards 0', says: `${needed} "0"` },
  { words: '--shards 65', says: `${needed} "65"` },
  { words: '--shards many', says: `${needed} "many"` },
  { words: '--shards', says: '`--shards` needs a value' },
  { words: '--shards 2 --shard=1/2', says: '`playload local` takes no `--shard`: the shards are numbered here: say `--shards 4`' }, // prettier-ignore
  { words: '--shards 2 -- --shard 1/2', says: '`playload local` takes no `--shard`: ' },
  { words: '--shards 2 --last-failed', says: '`playload local` takes no `--last-failed`: each shard has a folder of its own, and no last run in it' }, // prettier-ignore
  { words: '--shards 2 --shuffle', says: '`playload local` takes no `--shuffle` without a seed: the shards would come to their tests in different orders, so say `--shuffle=1`' }, // prettier-ignore
  { words: '--shards 2 --shuffle --headed', says: 'takes no `--shuffle` without a seed' },
  { words: '--shards 2 --ui', says: '`playload local` takes no `--ui`: it shows one run, and these are several' },
];
for (const { words, says } of refused) {
  test(`\`playload local ${words}\` is refused`, () => {
    expect(() => localArguments(words === '' ? [] : words.split(' '))).toThrow(says);
  });
}
