import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { ownersOf } from './owners.ts';

const owner = (description?: string) => ({ type: 'owner', ...(description !== undefined && { description }) });
const rows: readonly { readonly test: Parameters<typeof ownersOf>[0]; readonly owners: readonly string[] }[] = [
  { test: { annotations: [], tags: [] }, owners: [] },
  { test: { annotations: [owner('team checkout')], tags: ['@slow', '@owner:ada'] }, owners: ['team checkout', 'ada'] },
  { test: { annotations: [owner('ada'), owner(), owner(' ')], tags: ['@owner:ada', '@owner'] }, owners: ['ada'] },
  { test: { annotations: [{ type: 'issue', description: 'ada' }], tags: [] }, owners: [] },
  { test: { annotations: [owner('a\u001b[31m\n::error::b')], tags: [] }, owners: ['a : :error::b'] },
];
for (const { test: given, owners } of rows)
  test(`${JSON.stringify(given)} is owned by ${JSON.stringify(owners)}`, () => expect(ownersOf(given)).toEqual(owners));
