import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { type Address, addressOf, formatAddress, parseAddress, wholeTable } from './page/address.ts';

const cases: readonly { readonly hash: string; readonly address: Partial<Address> }[] = [
  { hash: '#', address: {} },
  { hash: '#run=k3x9a0b1c2', address: { place: { kind: 'run', id: 'k3x9a0b1c2' } } },
  {
    hash: '#run=k3x9a0b1c2-2&open=errors,-checks&sort=p95&verdict=failed',
    address: {
      place: { kind: 'run', id: 'k3x9a0b1c2-2' },
      open: ['errors', '-checks'],
      table: { ...wholeTable, sort: { key: 'p95', rising: false }, verdict: 'failed' },
    },
  },
  {
    hash: '#endpoint=GET%20/api/v1/workflows/:id',
    address: { place: { kind: 'endpoint', id: 'GET /api/v1/workflows/:id' } },
  },
  {
    hash: '#sort=Rate,rising&filter=sign%20in&project=load&tag=@slow',
    address: {
      table: { sort: { key: 'Rate', rising: true }, filter: 'sign in', project: 'load', tag: '@slow', verdict: '' },
    },
  },
];
for (const { hash, address } of cases) {
  const whole: Address = { open: [], table: wholeTable, ...address };
  test(`${hash} is read and written`, () => {
    expect(parseAddress(hash)).toEqual(whole);
    expect(formatAddress(whole)).toBe(hash);
  });
}

for (const hash of ['', '#run-1', '#looked-at', '#%', '#open=%', '#=&&='])
  test(`${JSON.stringify(hash)} asks for nothing that is looked at`, () => {
    expect(parseAddress(hash).place).toBeUndefined();
  });

test('whatever a name holds, the address that is written is the address that is read', () => {
  const text = fc.string({ unit: 'binary' }); // no half of a pair: an address holds none
  const named = text.filter((each) => each !== '');
  fc.assert(
    fc.property(named, fc.array(named, { maxLength: 3 }), text, text, (id, open, filter, tag) => {
      const address: Address = {
        place: { kind: 'endpoint', id },
        open,
        table: { ...wholeTable, filter, tag, sort: { key: 'p95', rising: true } },
      };
      expect(parseAddress(formatAddress(address))).toEqual(address);
      expect(addressOf(address.place ?? { kind: 'run', id: '' })).not.toMatch(/[\s"<>]/);
    }),
  );
});
