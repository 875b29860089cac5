/**
 * The interface describes itself: an OpenAPI 3.1 document out of the schemas that check the requests, and a page for
 * people made of that document. Both are made once; neither loads anything from elsewhere.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { version } from '../domain/identity.ts';
import { scopeOf } from './access.ts';
import type { AppEnv } from './context.ts';
import { docsPage, docsStyle, type OpenApiDocument } from './docs-page.ts';
import { htmlHeaders } from './html-page.ts';
import { commonHeaders } from './reply.ts';

/** To be called when every route is there. */
export function openApiRoutes(app: OpenAPIHono<AppEnv>): void {
  const document = describe(app);
  const json = JSON.stringify(document);
  const page = docsPage(document);
  const pageHeaders = htmlHeaders(docsStyle, 'none');
  app.get('/openapi.json', (c) => new Response(json, { headers: commonHeaders(c) }));
  app.get('/docs', async (c) => new Response(await page, { headers: pageHeaders(c) }));
}

function describe(app: OpenAPIHono<AppEnv>): OpenApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'Needed when the agent has keys; each operation names its scope',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'password', {
    type: 'http',
    scheme: 'basic',
    description: 'The same key as the password of any user, which is how browsers send it',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Performance agent',
      version,
      description: 'Watches LLM inference engines, finds bottlenecks, plans settings and rolls them out under guard.',
    },
    servers: [{ url: '/' }],
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of ['get', 'put', 'post', 'delete'] as const) {
      const operation = item[method];
      if (operation === undefined) continue;
      const scope = scopeOf(method.toUpperCase(), path);
      operation.security = scope === undefined ? [] : [{ key: [scope] }, { password: [scope] }];
    }
  }
  return document;
}
