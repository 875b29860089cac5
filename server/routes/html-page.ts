/** A page for people: it loads nothing and runs no script, and its policy names its one style sheet and nothing else. */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { AppContext } from './context.ts';
import { commonHeaders } from './reply.ts';

export type Markup = ReturnType<typeof html>;

interface Page {
  readonly title: string;
  readonly style: string;
  readonly body: Markup;
}

export async function htmlPage({ title, style, body }: Page): Promise<string> {
  // The style in one piece: the policy names the digest of exactly these bytes.
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return page.toString();
}

/** @param forms Where forms of the page may be sent to. */
export function htmlHeaders(style: string, forms: 'none' | 'self'): (c: AppContext) => Record<string, string> {
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action '${forms}'; base-uri 'none'; frame-ancestors 'none'`;
  const own = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  return (c) => ({ ...commonHeaders(c), ...own });
}
