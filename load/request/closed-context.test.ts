import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';

const calls: readonly { readonly what: string; readonly call: (context: RequestContext) => Promise<unknown> }[] = [
  { what: 'a request', call: async (context) => context.get('http://127.0.0.1/') },
  { what: 'a stream', call: async (context) => context.stream('http://127.0.0.1/').end() },
  { what: 'the head of a stream', call: async (context) => context.stream('http://127.0.0.1/').response },
];
for (const { what, call } of calls)
  test(`${what} of a closed context fails in a later turn, so that a loop which goes on does not stop the clock`, async () => {
    const context = new RequestContext({});
    await context.dispose();
    let turns = 0;
    setImmediate(() => (turns += 1));
    const errors = new Set<string>();
    for (let n = 0; n < 100; n++) await call(context).catch((error: unknown) => errors.add(String(error)));
    expect([...errors]).toEqual([expect.stringMatching(/^Error: apiRequestContext\.\w+: .*closed/)]);
    expect(turns).toBe(1);
  });
