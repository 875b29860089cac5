/** What assertions cost in a scenario: the same client class by `check`, by `expect` of ours and by Playwright's own, block by block in turn. */
import { expect as playwrights } from '@playwright/test';
import { expect, iterations, type LoadRequestContext, type Scenario, test, users } from '../../load/index.ts';
import { inTurn } from '../spread.ts';
import { connections } from './hammer.ts';
import { heldMb } from './held-memory.ts';
import { asserting, assertingWays, type AssertingWay } from './jobs.ts';

const unjudged = { unjudged: true, whenSaturated: 'warn' } as const;

/** As teams have them: every call looks at its answer. */
class Client {
  readonly #request: LoadRequestContext;
  readonly #expect: typeof playwrights;

  constructor(request: LoadRequestContext, by: typeof playwrights) {
    this.#request = request;
    this.#expect = by;
  }

  async ask(url: string): Promise<void> {
    const response = await this.#request.get(url);
    await this.#expect(response).toBeOK();
    this.#expect(response.status()).toBe(200);
    this.#expect(await response.json()).toBeTruthy();
  }
}

test('assertions in turn', async ({ load }) => {
  const { url, rounds, blockSeconds, times } = asserting.ask();
  const scenarios: Readonly<Record<AssertingWay, Scenario>> = {
    check: async ({ request, check }) => {
      const response = await request.get(url);
      check('is OK', response.ok());
      check('is 200', response.status() === 200);
      check('says something', Boolean(await response.json()));
    },
    expect: async ({ request }) => new Client(request, expect).ask(url),
    playwrights: async ({ request }) => new Client(request, playwrights).ask(url),
  };
  const perSec: Record<AssertingWay, number[]> = { check: [], expect: [], playwrights: [] };
  const block = async (way: AssertingWay): Promise<number> => {
    const run = await load(users(connections).for(`${blockSeconds}s`), scenarios[way], unjudged);
    if (run.requests.ok < run.requests.started) throw new Error('requests failed');
    return run.throughputPerSec ?? Number.NaN;
  };
  for (const way of assertingWays) await block(way); // compiled, and in no figure
  for (let round = 0; round < rounds; round++)
    for (const way of inTurn(assertingWays, round)) perSec[way].push(await block(way));
  const beforeMb = heldMb();
  let done = 0;
  await load(
    iterations(times, { users: connections }),
    async (context) => {
      await scenarios.expect(context);
      done += 1;
    },
    unjudged,
  );
  asserting.answer({ perSec, done, heldMb: heldMb() - beforeMb });
});
