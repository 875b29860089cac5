/** The first load test of a project, which is green where the server is well. */
import type { SeenConfig } from '../seen-config.ts';
import { quoted, type Style } from './style.ts';

/** What is loaded, and how the spec says it. */
export type Target =
  | { readonly kind: 'baseURL'; readonly address: string; readonly path: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'own' };

/** The address of the configuration, or of the only server that it starts; else a server that the spec brings. */
export function targetOf({ use, projects = [], webServers }: SeenConfig): Target {
  const baseURL = use.baseURL ?? projects.map((each) => each.use.baseURL).find((each) => each !== undefined);
  const [server] = webServers;
  const url = server?.url !== undefined && URL.canParse(server.url) ? new URL(server.url) : undefined;
  if (baseURL !== undefined && URL.canParse(baseURL)) {
    const base = new URL(baseURL);
    const isSame = url?.origin === base.origin && url.pathname !== '/' && base.pathname === '/';
    const path = isSame ? `${url.pathname}${url.search}` : pathOf(base);
    return { kind: 'baseURL', address: baseURL, path };
  }
  if (baseURL !== undefined && webServers.some(({ isHeard }) => isHeard === true))
    return { kind: 'baseURL', address: baseURL, path: '/' }; // its port is known in a run
  if (url !== undefined) return { kind: 'address', address: url.href };
  if (server?.port !== undefined && webServers.length === 1)
    return { kind: 'baseURL', address: `http://localhost:${server.port}`, path: '/' }; // as Playwright has it
  return { kind: 'own' };
}

/** What asks for the address itself. `./` is relative, and so one step up where the address does not end with a slash. */
function pathOf({ pathname, search }: URL): string {
  if (pathname === '/' && search === '') return '/';
  return pathname.endsWith('/') && search === '' ? './' : `${pathname}${search}`;
}

/** Whether it is nobody else's server: this machine, a private network, or what Playwright starts and asks for its port. */
export function isNear(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { hostname } = new URL(address);
  return (
    /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)$/.test(
      hostname,
    ) || /(?:^[^.]+|\.localhost|\.local|\.internal|\.test)$/.test(hostname)
  );
}

export const firstLoad = { rate: '20/s', duration: '5s', warmUp: '2s', p95: '< 500ms' } as const;

export interface SpecParts {
  readonly target: Target;
  readonly isTypeScript: boolean;
  /** With `require`. */
  readonly isCommonJs: boolean;
  readonly style: Style;
}

export function specText({ target, isTypeScript, isCommonJs, style }: SpecParts): string {
  const q = (text: string) => quoted(text, style);
  const imported = (names: string, from: string) =>
    isCommonJs ? `const { ${names} } = require(${q(from)});` : `import { ${names} } from ${q(from)};`;
  const lines = [
    ...(target.kind === 'own' ? [imported('createServer', 'node:http')] : []),
    imported('arrivals, expect, test', 'playload'),
    '',
    ...(target.kind === 'own' ? ownServer(isTypeScript, q) : []),
    `test(${q(`answers ${firstLoad.rate.replace('/s', ' requests a second')}`)}, async ({ load }) => {`,
    '\tconst run = await load(',
    `\t\tarrivals(${q(firstLoad.rate)}).for(${q(firstLoad.duration)}),`,
    `\t\t({ request }) => request.get(${asked(target, q)}),`,
    `\t\t{ warmUp: ${q(firstLoad.warmUp)} },`,
    '\t);',
    `\texpect(run).toMeet({ successRate: ${q('100%')}, p95: ${q(firstLoad.p95)} });`,
    '});',
    '',
  ];
  return lines.map((line) => line.replaceAll('\t', style.indent)).join(style.newline);
}

function asked(target: Target, q: (text: string) => string): string {
  switch (target.kind) {
    case 'baseURL':
      return q(target.path);
    case 'address':
      return q(target.address);
    case 'own':
      return 'address';
  }
}

function ownServer(isTypeScript: boolean, q: (text: string) => string): string[] {
  const type = (text: string) => (isTypeScript ? text : '');
  return [
    '// A stand-in, since the configuration names no server. Once it says `use: { baseURL }`, take away all of this down to',
    `// the test, and write request.get(${q('/')}) there.`,
    `const server = createServer((_, response) => response.end(${q('hello')}));`,
    `let address = ${q('')};`,
    'test.beforeAll(async () => {',
    `\tawait new Promise${type('<void>')}((resolve) => server.listen(0, ${q('127.0.0.1')}, resolve));`,
    '\tconst bound = server.address();',
    `\tif (bound !== null && typeof bound === ${q('object')}) address = \`http://127.0.0.1:\${bound.port}/\`;`,
    '});',
    'test.afterAll(() => {',
    '\tserver.closeAllConnections();',
    '\tserver.close();',
    '});',
    '',
  ];
}
