/**
 * A page that leads to one run of the report. Playwright's HTML report copies what is attached, each file under the hash of
 * its content, so that a link with an address in it would be lost; this page knows the name that the report got there.
 */
import { createHash } from 'node:crypto';

/** The name of the page's copy in the `data` folder of Playwright's report. The page is large, and there are many links: once. */
export function copyOf(page: string): string {
  return `${createHash('sha1').update(page).digest('hex')}.html`;
}

interface RunLink {
  /** `[0-9a-z-]+`. */
  readonly id: string;
  /** Where the page lies from here. */
  readonly report: string;
  /** What `copyOf` says. */
  readonly copy: string;
}

export function renderRunLink({ id, report, copy }: RunLink): string {
  const [copied, kept] = [copy, report].map((file) => `${file}#run=${id}`);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Load report</title>',
    `<script>location.replace(/\\/[0-9a-f]{40}\\.html$/.test(location.pathname) ? '${copied}' : '${kept}')</script>`,
    `<noscript><p>The load report: <a href="${copied}">beside this page</a>, or <a href="${kept}">where it was written</a>.</p></noscript>`,
    '</html>\n',
  ].join('\n');
}
