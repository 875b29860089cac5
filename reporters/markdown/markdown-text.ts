/** Text from outside as Markdown shows it literally, and tables of GitHub's flavour. */
import { cutText } from '../../load/measure/cut-text.ts';
import { plainLine } from '../words/plain-text.ts';

/** Longer texts are cut: a summary is for reading. */
const mostCharacters = 300;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One line in which nothing is Markdown, HTML or a table's border. */
export function markdownText(text: string): string {
  return cutText(plainLine(text), mostCharacters)
    .replace(/[\\`*_{}[\]|~#$!]/g, '\\$&')
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign);
}

export interface MarkdownColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Opened by a click; the content is Markdown already. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Cells are Markdown already. */
export function markdownTable(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : ':---'))),
    ...rows.map(line),
  ].join('\n');
}
