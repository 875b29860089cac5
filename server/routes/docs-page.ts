/** The interface as a page: every operation with its parameters, body and answers, folded. No script, one style sheet. */
import type { OpenAPIHono } from '@hono/zod-openapi';

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

export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
    return `<h2>${escape(tag)}</h2>${own.map(showOperation).join('')}`;
  });
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `<details><summary>${escape(name)}</summary><div>${showJson(schema)}</div></details>`,
  );
  const { title, version, description = '' } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${docsStyle}</style></head><body>
<h1>${escape(title)} ${escape(version)}</h1><p>${escape(description)} <a href="/openapi.json">openapi.json</a></p>
${sections.join('\n')}
<h2>schemas</h2>${schemas.join('\n')}
</body></html>
`;
}

interface Shown {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function showOperation({ path, method, operation }: Shown): string {
  const parameters = (operation.parameters ?? []).map((parameter) => {
    if ('$ref' in parameter) return '';
    const { name, in: where, required = false, schema, description = '' } = parameter;
    return `<tr><td>${escape(name)}</td><td>${where}${required ? ', required' : ''}</td><td>${escape(description)}</td><td><code>${escape(JSON.stringify(schema ?? {}))}</code></td></tr>`;
  });
  const answers = Object.entries<{ readonly description?: string; readonly content?: unknown }>(
    operation.responses ?? {},
  ).map(
    ([status, { description = '', content }]) =>
      `<tr><td>${escape(status)}</td><td>${escape(description)}</td><td><code>${escape(schemaName(content))}</code></td></tr>`,
  );
  const scope = operation.security?.[0]?.['key']?.[0] ?? 'none';
  const body = operation.requestBody === undefined ? '' : `<h4>body</h4>${showJson(operation.requestBody)}`;
  return `<details><summary><b>${method.toUpperCase()}</b> ${escape(path)}<span>${escape(operation.summary ?? '')}</span></summary>
<div><p>scope: ${escape(scope)}</p>${parameters.length > 0 ? `<table>${parameters.join('')}</table>` : ''}${body}<h4>answers</h4><table>${answers.join('')}</table></div></details>`;
}

/** The name of the component an answer refers to. */
function schemaName(content: unknown): string {
  return /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(content ?? {}))?.[1] ?? '';
}

function showJson(value: unknown): string {
  return `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
