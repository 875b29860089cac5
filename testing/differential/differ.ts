/** Declares one test per script: both sides equal, or different as the table of known differences says. */
import { expect } from '@playwright/test';
import { test } from '../plain-test.ts';
import { bothSides, type Script } from './compare.ts';
import { knownDifferences } from './known-differences.ts';
import { StrangeServer } from './strange-server.ts';

export function differ(scripts: readonly Script[]): void {
  let server: StrangeServer;
  test.beforeAll(async () => {
    server = await StrangeServer.start();
  });
  test.afterAll(() => server.stop());

  for (const script of scripts) {
    const why = knownDifferences[script.title];
    test(why === undefined ? script.title : `${script.title} (differs: ${why})`, async () => {
      const { ours, playwright } = await bothSides(server, script);
      if (why === undefined) expect(ours).toEqual(playwright);
      else expect(ours).not.toEqual(playwright);
    });
  }
}
