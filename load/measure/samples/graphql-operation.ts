/**
 * What a GraphQL request asks for, since all of them go to one path: `query Orders`, out of a body as GraphQL over HTTP
 * describes it. It is no parser: it looks at how a document begins, so that a search for words is none.
 */

interface Operation {
  readonly type: string;
  readonly name: string | undefined;
}

const ignored = /^(?:[\s,]|#[^\n\r]*(?=[\n\r]|$))*/;
const typed = /^(query|mutation|subscription)\b[\s,]*([_A-Za-z]\w*)?[\s,]*[({@]/;
const shorthand = /^\{[\s,]*(?:[_A-Za-z#]|\.\.\.)/;
const fragment = /^fragment\s+\w+\s+on\s/;
/** Behind the end of another definition. */
const further = /\}[\s,]*(query|mutation|subscription)\b[\s,]*([_A-Za-z]\w*)?[\s,]*(?=[({@])/g;

const graphqlName = /^[_A-Za-z]\w{0,99}$/;
const sha256 = /^[0-9a-f]{64}$/i;
/** Where a URL may hold an operation, as GraphQL over HTTP puts it there. */
const inUrl =
  /[?&](?:query=(?:%7B|\{|query|mutation|subscription|fragment|%23|#)|(?:extensions=(?:%7B|\{)|documentId=sha256))/i;

/** Documents whose operations are remembered, and how long they may be. */
const rememberedDocuments = 200;
const longestRemembered = 10_000;
const known = new Map<string, readonly Operation[]>();

/** Operations of a batch that are named. */
const namedOfBatch = 3;

/** Of a body that was given as an object, or a list of them; undefined where it is none of GraphQL's. */
export function operationOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  return Array.isArray(body) ? batchOf(body) : singleOf(body as Readonly<Record<string, unknown>>);
}

/** Of a `GET`; undefined where the URL holds none. */
export function operationInUrl(url: string): string | undefined {
  const at = url.indexOf('?');
  const query = at === -1 ? '' : url.slice(at).replace(/#.*$/s, '');
  if (!inUrl.test(query) || url.lastIndexOf('#', at) !== -1) return undefined;
  const fields = [...new URLSearchParams(query)].map(([key, value]) => [
    key,
    key === 'extensions' ? parsed(value) : value,
  ]);
  return operationOf(Object.fromEntries(fields));
}

function batchOf(bodies: readonly unknown[]): string | undefined {
  if (bodies.length === 0 || operationOf(bodies[0]) === undefined) return undefined;
  const distinct = [...new Set(bodies.map((body) => operationOf(body) ?? 'none'))];
  return `batch (${[...distinct.slice(0, namedOfBatch), ...(distinct.length > namedOfBatch ? ['…'] : [])].join(', ')})`;
}

function singleOf({ query, operationName, extensions, documentId }: Readonly<Record<string, unknown>>) {
  const name = typeof operationName === 'string' && graphqlName.test(operationName) ? operationName : undefined;
  if (typeof query === 'string') return describe(operationsOf(query), name);
  const hash = query === undefined || query === null ? hashOf(extensions, documentId) : undefined;
  return hash === undefined ? undefined : `persisted ${name ?? hash.slice(0, 8).toLowerCase()}`;
}

function describe(operations: readonly Operation[], asked: string | undefined): string | undefined {
  const operation = operations.find(({ name }) => name !== undefined && name === asked) ?? operations[0];
  if (operation === undefined) return undefined;
  return operation.name === undefined ? operation.type : `${operation.type} ${operation.name}`;
}

/** Most loads send the same few documents. */
function operationsOf(document: string): readonly Operation[] {
  const before = known.get(document);
  if (before !== undefined) return before;
  const found = readOperations(document);
  if (known.size >= rememberedDocuments) known.clear();
  if (document.length <= longestRemembered) known.set(document, found);
  return found;
}

function readOperations(document: string): Operation[] {
  const text = document.slice(ignored.exec(document)?.[0].length ?? 0);
  const first = typed.exec(text);
  if (first === null && shorthand.test(text)) return [{ type: 'query', name: undefined }];
  if (first === null && !fragment.test(text)) return [];
  return [...(first === null ? [] : [first]), ...text.matchAll(further)].map(([, type = '', name]) => ({ type, name }));
}

/** As Apollo's automatic persisted queries and GraphQL over HTTP's persisted documents name one. */
function hashOf(extensions: unknown, documentId: unknown): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as {
    readonly persistedQuery?: { readonly sha256Hash?: unknown } | null;
  };
  const hash = persistedQuery?.sha256Hash ?? (typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : '');
  return typeof hash === 'string' && sha256.test(hash) ? hash : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // the server will say so
  }
}
