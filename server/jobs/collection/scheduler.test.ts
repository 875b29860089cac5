import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../../testing/plain-test.ts';
import type { Instance } from '../../domain/instance.ts';
import type { InstanceStore } from '../../store/instances.ts';
import type { Collector } from './collector.ts';
import { ScrapeScheduler } from './scheduler.ts';

/** A scheduler of these instances, which looks again each millisecond. */
function schedulerOf(
  fleet: readonly Instance[],
  collector: Partial<Record<keyof Collector, unknown>>,
): ScrapeScheduler {
  return new ScrapeScheduler({
    instances: { list: () => Promise.resolve(fleet) } as unknown as InstanceStore,
    collector: { remembered: new Map(), ...collector } as unknown as Collector,
    log: pino({ level: 'silent' }),
    intervalMs: 1,
    timeoutMs: 1_000,
  });
}

test('more than ten instances are no leak that Node would warn of', async () => {
  const warnings: Error[] = [];
  const keep = (warning: Error) => void warnings.push(warning);
  process.on('warning', keep);
  const fleet = Array.from({ length: 20 }, (_, at) => ({ id: `vllm-${at}` }) as Instance);
  const collected = new Set<string>();
  const asked = new EventTarget();
  const scheduler = schedulerOf(fleet, {
    collect: ({ id }: Instance) => {
      if (collected.add(id).size === fleet.length) asked.dispatchEvent(new Event('all'));
      return Promise.resolve();
    },
  });
  const all = once(asked, 'all');
  scheduler.start();
  await all;
  scheduler.stop();
  await turn();
  process.off('warning', keep);
  expect(warnings).toEqual([]);
});

test('the page of an instance that another agent has removed is forgotten, and of the others none', async () => {
  const pages = new Map(['here', 'gone', 'gone too'].map((id) => [id, `page of ${id}`]));
  const forgotten: string[] = [];
  const asked = new EventTarget();
  const scheduler = schedulerOf([{ id: 'here' } as Instance, { id: 'new' } as Instance], {
    remembered: pages,
    forget: (id: string, page: string) => {
      forgotten.push(page);
      pages.delete(id);
      if (pages.size === 1) asked.dispatchEvent(new Event('all'));
    },
    collect: () => Promise.resolve(),
  });
  const all = once(asked, 'all');
  scheduler.start();
  await all;
  scheduler.stop();
  await turn();
  expect(forgotten).toEqual(['page of gone', 'page of gone too']);
});
