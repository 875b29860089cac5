/**
 * Which project each spec of this folder belongs to: one of its own name, so that a new `specs/search.spec.ts` runs as
 * `--project=search` from the moment it is there.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** These need an inference engine behind the agent. */
const engineProjects: readonly string[] = ['diagnosis', 'workflows', 'overload', 'durability'];
/** Two builds of the agent, one after the other by short blocks. */
export const comparingProject = 'comparison';
/** Streams of an engine that is no part of the agent's trouble and keeps the pace of a real one. */
export const streamingProject = 'streams';
/** Ten minutes and more: these run only when asked for by name. */
const longProjects: readonly string[] = ['soak'];

/** A spec as a Playwright project. */
export interface SpecProject {
  /** `search` for `search.spec.ts`, `shop-search` for `shop/search.spec.ts`. */
  readonly name: string;
  /** Glob of its one file. */
  readonly testMatch: string;
  /** Whether an inference engine must be running behind the agent. */
  readonly needsEngine: boolean;
  /** Whether it runs only when it is asked for. */
  readonly isLong: boolean;
}

const ending = '.spec.ts';

/** A project for each spec of a folder and those within it. Throws what `readdirSync` throws. */
export function specProjects(folder: string): readonly SpecProject[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => {
      const name = path.slice(0, -ending.length).replaceAll('/', '-');
      return {
        name,
        testMatch: `**/${basename(folder)}/${path}`,
        needsEngine: engineProjects.includes(name),
        isLong: longProjects.includes(name),
      };
    });
}
