import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../testing/plain-test.ts';
import { StreamPlaces } from './stream-places.ts';

test('whoever takes and gives back in whatever order, nobody has more places than the limit, nor fewer', () => {
  const step = fc.record({ client: fc.constantFrom('a', 'b', 'c'), takes: fc.boolean(), which: fc.nat(), twice: fc.boolean() }); // prettier-ignore
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
      const places = new StreamPlaces(limit);
      const held = new Map<string, (() => void)[]>();
      for (const { client, takes, which, twice } of steps) {
        const own = held.get(client) ?? [];
        if (takes) {
          const release = places.take(client);
          expect(release !== undefined).toBe(own.length < limit);
          if (release !== undefined) own.push(release);
        } else if (own.length > 0) {
          const [release] = own.splice(which % own.length, 1);
          release?.();
          if (twice) release?.(); // a place that was given back is not given back again
        }
        held.set(client, own);
      }
    }),
  );
});
