import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { ErrorGroup } from '../measure/run-data.ts';
import { ownShortage } from './own-shortage.ts';

const cases: readonly {
  readonly errors: readonly (readonly [kind: string, count: number, endpoint?: string])[];
  readonly says?: string;
}[] = [
  { errors: [] },
  {
    errors: [
      ['ECONNREFUSED', 3],
      ['toString', 1],
    ],
  },
  { errors: [['EMFILE', 1]], says: 'file handles (1 × EMFILE): raise `ulimit -n`, or let connections be reused' },
  { errors: [['ENFILE', 2]], says: 'file handles (2 × ENFILE): raise `fs.file-max`, or let connections be reused' },
  {
    errors: [['EADDRNOTAVAIL', 1_200]],
    says: 'local ports or addresses (1,200 × EADDRNOTAVAIL): let connections be reused, widen `net.ipv4.ip_local_port_range`, or send from more machines',
  },
  { errors: [['ENOBUFS', 1]], says: 'socket buffers (1 × ENOBUFS): lower `maxInFlight`, or send from more machines' },
  { errors: [['ENOMEM', 1]], says: 'memory (1 × ENOMEM): lower `maxInFlight`, or send from a larger machine' },
  {
    errors: [
      ['ENOMEM', 4],
      ['EMFILE', 3, 'GET /a'],
      ['EMFILE', 2, 'GET /b'],
    ], // the most of one kind, over all endpoints
    says: 'file handles (5 × EMFILE): raise `ulimit -n`, or let connections be reused',
  },
];
for (const { errors, says } of cases) {
  test(`of ${JSON.stringify(errors)} it is said: ${says ?? 'nothing'}`, () => {
    const groups = errors.map(([kind, count, endpoint = 'GET /'], at): [string, ErrorGroup] => [
      String(at),
      { kind, endpoint, count, sample: '' },
    ]);
    expect(ownShortage({ errors: new Map(groups) })).toBe(says && `the load generator's machine ran out of ${says}`);
  });
}
