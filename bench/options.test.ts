import { expect, test } from '@playwright/test';
import { readOptions } from './options.ts';

const known = ['first', 'second', 'third'];
const usual = { only: known, quick: false, strict: false, help: false };

const right = [
  { argv: [], options: usual },
  { argv: ['--only', 'second'], options: { ...usual, only: ['second'] } },
  { argv: ['--only', 'third,first'], options: { ...usual, only: ['first', 'third'] } }, // in the bench's own order
  { argv: ['--only=first', '--only', 'second'], options: { ...usual, only: ['first', 'second'] } },
  { argv: ['--quick', '--strict'], options: { ...usual, quick: true, strict: true } },
];
for (const { argv, options } of right) {
  test(`\`${argv.join(' ')}\` is understood`, () => {
    expect(readOptions(argv, known)).toEqual(options);
  });
}

test('everything wrong is said at once', () => {
  expect(() => readOptions(['--only', 'fourth', '--fast', 'word', '--only'], known)).toThrow(
    [
      '4 problems:',
      '  - `--fast` is no option; there are --only, --quick, --strict, --help',
      '  - `word` is no option; there are --only, --quick, --strict, --help',
      '  - `--only` must name an experiment (first, second, third), got `fourth`',
      '  - `--only` must name an experiment (first, second, third), got ``',
    ].join('\n'),
  );
});
