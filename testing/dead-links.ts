/** Links of Markdown files that lead nowhere: to a file that is not there, or to a heading that its file has not. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Each as `README.md: docs/gone.md`, of all Markdown files in `folder` but those of `node_modules`; links to the net aside. */
export function deadLinks(folder: string): string[] {
  return markdownIn(folder).flatMap((file) =>
    linksOf(proseOf(readFileSync(file, 'utf8')))
      .filter((link) => !leadsSomewhere({ link, file, folder }))
      .map((link) => `${relative(folder, file)}: ${link}`),
  );
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : markdownIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without code, in which brackets are no links. */
function proseOf(markdown: string): string {
  return markdown.replace(/^( *)(```+|~~~+).*?^\1\2/gms, '').replace(/(`+)(?:(?!\1).)*?\1/g, '');
}

function linksOf(prose: string): string[] {
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  const tags = [...prose.matchAll(/<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"/g)];
  return [...inline, ...named, ...tags].map(([, link = '']) => link).filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));
}

interface Link {
  readonly link: string;
  readonly file: string;
  /** The package: what lies outside of it is not there. */
  readonly folder: string;
}

function leadsSomewhere({ link, file, folder }: Link): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : resolve(dirname(file), decodeURIComponent(path));
  if (relative(folder, target).startsWith('..') || !existsSync(target)) return false;
  if (anchor === undefined || statSync(target).isDirectory() || !target.endsWith('.md')) return true;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor);
}

/** As GitHub and the like make them of headings; the second of a name has a number. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const text = markdown.replace(/^( *)(```+|~~~+).*?^\1\2/gms, '');
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    const again = [...anchors].filter((known) => known === slug || known.replace(/-\d+$/, '') === slug).length;
    anchors.add(again === 0 || !anchors.has(slug) ? slug : `${slug}-${again}`);
  }
  for (const [, id = ''] of markdown.matchAll(/<a\s[^>]*?(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}
