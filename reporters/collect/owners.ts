/** Who answers for a test: its annotations of type `owner` and its tags `@owner:…`. */
import type { TestCase } from '@playwright/test/reporter';
import { entryName } from '../../load/measure/entry-name.ts';

/** More than these nobody asks. */
const mostOwners = 10;

export function ownersOf({ annotations, tags }: Pick<TestCase, 'annotations' | 'tags'>): string[] {
  const annotated = annotations.flatMap(({ type, description }) =>
    type === 'owner' && description !== undefined ? [description] : [],
  );
  const tagged = tags.flatMap((tag) => /^@owner:(.+)$/.exec(tag)?.[1] ?? []);
  const names = [...annotated, ...tagged].filter((name) => name.trim() !== '').map(entryName);
  return [...new Set(names)].slice(0, mostOwners);
}
