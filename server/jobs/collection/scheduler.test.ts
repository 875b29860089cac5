import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../../testing/plain-test.ts';
import type { Instance } from '../../domain/instance.ts';
import type { InstanceStore } from '../../store/instances.ts';
import type { Collector } from './collector.ts';
import { ScrapeScheduler } from './scheduler.ts';

const pageOf = (fleet: readonly Instance[], after: string, limit: number) =>
  fleet
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .slice(0, limit);

/** A scheduler of these instances, which looks again each millisecond. */
function schedulerOf(
  fleet: readonly Instance[],
  collector: Partial<Record<keyof Collector, unknown>>,
): ScrapeScheduler {
  return new ScrapeScheduler({
    instances: { list: (after: string, limit: number) => Promise.resolve(pageOf(fleet, after, limit)) } as unknown as InstanceStore, // prettier-ignore
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

test('of 250 instances, more than a page of them, all are asked, and only the page of the gone one is forgotten', async () => {
  const fleet = Array.from({ length: 250 }, (_, at) => ({ id: `vllm-${String(at).padStart(3, '0')}` }) as Instance);
  const forgotten: string[] = [];
  const collected = new Set<string>();
  const asked = new EventTarget();
  const scheduler = schedulerOf(fleet, {
    remembered: new Map(['gone', ...fleet.map(({ id }) => id)].map((id) => [id, `page of ${id}`])),
    forget: (id: string) => forgotten.push(id),
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
  expect(collected.size).toBe(250);
  expect(new Set(forgotten)).toEqual(new Set(['gone']));
});
