/** The interface as a page: every operation with its parameters, body and answers, folded. No script, one style sheet. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { htmlPage, type Markup } from './html-page.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

export const docsStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; margin: .4rem 0; }
summary { cursor: pointer; padding: .4rem .8rem; }
summary b { display: inline-block; min-width: 4.5rem; font-family: ui-monospace, monospace; }
summary span { opacity: .75; margin-left: .8rem; }
details > div { padding: 0 .8rem .8rem; }
pre { overflow: auto; padding: .8rem; border-radius: 6px; background: color-mix(in srgb, currentColor 8%, transparent); }
table { border-collapse: collapse; } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
`;

type PathItem = NonNullable<OpenApiDocument['paths']>[string];
type Operation = NonNullable<PathItem['get']>;

const methods = ['get', 'put', 'post', 'delete'] as const;

export function docsPage(document: OpenApiDocument): Promise<string> {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
    return html`<h2>${tag}</h2>
      ${own.map(showOperation)}`;
  });
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) =>
    folded(name, json(schema)),
  );
  const { title, version, description } = document.info;
  return htmlPage({
    title,
    style: docsStyle,
    body: html`<h1>${title} ${version}</h1>
      <p>${description} <a href="/openapi.json">openapi.json</a></p>
      ${sections}
      <h2>schemas</h2>
      ${schemas}`,
  });
}

interface Shown {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function showOperation({ path, method, operation }: Shown): Markup {
  const parameters = (operation.parameters ?? []).map((parameter) => {
    if ('$ref' in parameter) return '';
    const { name, in: where, required = false, schema, description } = parameter;
    return row([name, `${where}${required ? ', required' : ''}`, description], JSON.stringify(schema ?? {}));
  });
  const answers = Object.entries<{ readonly description?: string; readonly content?: unknown }>(
    operation.responses ?? {},
  ).map(([status, { description, content }]) => row([status, description], schemaName(content)));
  const scope = operation.security?.[0]?.['key']?.[0] ?? 'none';
  return folded(
    html`<b>${method.toUpperCase()}</b> ${path}<span>${operation.summary}</span>`,
    html`<p>scope: ${scope}</p>
      ${parameters.length === 0 ? '' : table(parameters)}
      ${
        operation.requestBody === undefined
          ? ''
          : html`<h4>body</h4>
              ${json(operation.requestBody)}`
      }
      <h4>answers</h4>
      ${table(answers)}`,
  );
}

const folded = (summary: string | Markup, inside: Markup): Markup =>
  html`<details>
    <summary>${summary}</summary>
    <div>${inside}</div>
  </details>`;

const table = (rows: readonly (string | Markup)[]): Markup =>
  html`<table>
    ${rows}
  </table>`;

const row = (texts: readonly (string | undefined)[], code: string): Markup =>
  html`<tr>
    ${texts.map((text) => html`<td>${text}</td>`)}
    <td><code>${code}</code></td>
  </tr>`;

const json = (value: unknown): Markup => html`<pre>${JSON.stringify(value, null, 2)}</pre>`;

/** The name of the component an answer refers to. */
function schemaName(content: unknown): string {
  return /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(content ?? {}))?.[1] ?? '';
}
