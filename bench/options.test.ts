import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { readOptions } from './options.ts';

const experiments = ['first', 'second', 'third'];
const known = { experiments, nodeVersion: (path: string) => ({ '/of/22': 'v22.1.0', '/of/24': 'v24.2.0' })[path] };
const usual = { only: experiments, quick: false, strict: false, nodes: [], help: false };

const right = [
  { argv: [], options: usual },
  { argv: ['--only', 'second'], options: { ...usual, only: ['second'] } },
  { argv: ['--only', 'third,first'], options: { ...usual, only: ['first', 'third'] } }, // in the bench's own order
  { argv: ['--only=first', '--only', 'second'], options: { ...usual, only: ['first', 'second'] } },
  { argv: ['--quick', '--strict'], options: { ...usual, quick: true, strict: true } },
  {
    argv: ['--node', '/of/24', '--node=/of/22'],
    options: {
      ...usual,
      nodes: [
        { path: '/of/24', version: 'v24.2.0' },
        { path: '/of/22', version: 'v22.1.0' },
      ],
    },
  },
];
for (const { argv, options } of right) {
  test(`\`${argv.join(' ')}\` is understood`, () => {
    expect(readOptions(argv, known)).toEqual(options);
  });
}

test('everything wrong is said at once', () => {
  expect(() =>
    readOptions(['--only', 'fourth', '--fast', 'word', '--node', '/bin/sh', '--node=', '--only'], known),
  ).toThrow(
    [
      '6 problems:',
      '  - `--fast` is no option; there are --only, --quick, --strict, --node, --help',
      '  - `word` is no option; there are --only, --quick, --strict, --node, --help',
      '  - `--only` must name an experiment (first, second, third), got `fourth`',
      '  - `--only` must name an experiment (first, second, third), got ``',
      '  - `--node` must be the path of a Node, got `/bin/sh`',
      '  - `--node` must be the path of a Node, got ``',
    ].join('\n'),
  );
});
