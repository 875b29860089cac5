/**
 * The HTML around the built script: one file, nothing fetched. Its policy names the one script and the one style sheet
 * by hash and allows nothing else.
 */
import { createHash } from 'node:crypto';
import { pageBundle } from './bundle.ts';
import { escaped } from '../../load/measure/markup.ts';
import { type PageData, pageIds } from './page-data.ts';

/** What stands there until the script runs, or for good where none may; `body` is markup. */
export interface ShellText {
  readonly title: string;
  readonly description?: string;
  readonly body: string;
}

export function pageShell(data: PageData, { title, description, body }: ShellText): string {
  const { script, style } = pageBundle();
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    `connect-src ${data.kind === 'live' ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 12.5 5 8l3 2.5 6-8' fill='none' stroke='%231f66ad' stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E">
<title>${escaped(title)}</title>
${description === undefined ? '' : descriptionOf(title, description)}<style>${style}</style>
</head>
<body>
<div id="${pageIds.root}">${body}</div>
<script type="application/json" id="${pageIds.data}">${embeddedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that can stand in a script element: no character in it ends or begins markup. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** What a chat or a mail shows of a link to the page. */
function descriptionOf(title: string, description: string): string {
  return `<meta name="description" content="${escaped(description)}">
<meta property="og:type" content="website">
<meta property="og:title" content="${escaped(title)}">
<meta property="og:description" content="${escaped(description)}">
`;
}
