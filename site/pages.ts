/**
 * Every page of the site, in the order in which a newcomer reads: a page of docs/ that stands in no section is an error, one
 * that is not written is left out.
 */

/** A file of the repository, or of `site/`, and what the sidebar calls it. */
export interface SitePage {
  readonly file: string;
  readonly text: string;
}

export interface Section {
  readonly text: string;
  readonly pages: readonly SitePage[];
}

export const sections: readonly Section[] = [
  {
    text: 'Start',
    pages: [
      { file: 'README.md', text: 'Overview' },
      { file: 'docs/getting-started.md', text: 'In your own project' },
      { file: 'docs/recipes.md', text: 'Recipes' },
      { file: 'docs/migrating.md', text: 'Coming from k6, Locust, Artillery' },
      { file: 'site/example-report.md', text: 'A report, live' },
    ],
  },
  {
    text: 'Concepts',
    pages: [
      { file: 'docs/load-models.md', text: 'Load models' },
      { file: 'docs/request-context.md', text: 'Requests and connections' },
      { file: 'docs/measure.md', text: 'Measuring anything' },
      { file: 'docs/streams.md', text: 'Streams and tokens' },
      { file: 'docs/sockets.md', text: 'WebSockets' },
      { file: 'docs/verdicts.md', text: 'Verdicts' },
    ],
  },
  {
    text: 'How to',
    pages: [
      { file: 'docs/once.md', text: 'Play each load once' },
      { file: 'docs/from.md', text: 'Specs from recordings' },
      { file: 'docs/pages.md', text: 'Pages under load' },
      { file: 'docs/analysis.md', text: 'Capacity, comparison, leaks' },
      { file: 'docs/reports.md', text: 'Read a report' },
      { file: 'docs/traces.md', text: 'Traces and server timing' },
      { file: 'docs/ci.md', text: 'CI' },
      { file: 'docs/scaling.md', text: 'Several machines' },
      { file: 'docs/exports.md', text: 'Export results' },
    ],
  },
  {
    text: 'Reference',
    pages: [
      { file: 'docs/reference.md', text: 'Every name and option' },
      { file: 'docs/load-options.md', text: 'Options and environment' },
      { file: 'docs/command-line.md', text: 'Command line' },
      { file: 'docs/compatibility.md', text: 'Versions that fit' },
      { file: 'CHANGELOG.md', text: 'Changes' },
    ],
  },
  {
    text: 'Internals',
    pages: [
      { file: 'docs/design.md', text: 'Design' },
      { file: 'docs/measured.md', text: 'How fast and how exact' },
      { file: 'docs/agent.md', text: 'The agent under test' },
      { file: 'docs/agent-operation.md', text: 'Running the agent' },
      { file: 'docs/agent-engines.md', text: 'The engines it knows' },
      { file: 'docs/releasing.md', text: 'Releasing' },
      { file: 'docs/api/README.md', text: 'The public surface' },
    ],
  },
];

/** Where a page of a section, or the home page, lies within the site; undefined for what is no page. */
export function routeOf(file: string): string | undefined {
  if (file === 'README.md') return 'overview.md';
  if (file === 'CHANGELOG.md') return 'changelog.md';
  const [, folder, rest = ''] = /^(docs|site)\/((?:.*\/)?[^/]+\.md)$/.exec(file) ?? [];
  if (folder === undefined || (folder === 'site' && rest.includes('/'))) return undefined;
  return rest.replace(/(^|\/)README\.md$/, '$1index.md');
}
