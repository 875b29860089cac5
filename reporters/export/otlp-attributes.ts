/** Labels as attributes of OpenTelemetry, with the names of its conventions where they have one. */
import type { Labels } from './metric-family.ts';

export interface Attribute {
  readonly key: string;
  /** 64-bit integers are texts in JSON. */
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

type Value = string | number;

/** A label whose name stands in no convention is `playload.` and its name. */
const attributesByLabel: Readonly<Record<string, (text: string) => Readonly<Record<string, Value>>>> = {
  endpoint: endpointAttributes,
  host: serverAttributes,
  address: (text) => ({ 'network.peer.address': text }),
  // The conventions take the bare status code for a failed answer.
  error_type: (text) => ({ 'error.type': text.replace(/^HTTP (?=\d{3}$)/, '') }),
  status: (text) => (/^\d+$/.test(text) ? { 'http.response.status_code': Number(text) } : { 'playload.status': text }),
  test: (text) => ({ 'playload.test': text }),
  kind: (text) => ({ 'playload.finding.kind': text }),
  name: (text) => ({ 'playload.finding.name': text }),
};

export function attributesOf(labels: Labels): Attribute[] {
  return Object.entries(labels).flatMap(([label, text]) =>
    attributeList(attributesByLabel[label]?.(text) ?? { [`playload.${label}`]: text }),
  );
}

export function attributeList(values: Readonly<Record<string, Value | undefined>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === '') return [];
    return [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } }];
  });
}

/** `GET /api/v1/workflows/:id` is method and template; any other name is a name, that of a GraphQL operation too. */
function endpointAttributes(name: string): Readonly<Record<string, Value>> {
  const [, method, template] = /^([A-Z]+) (\/\S*)$/.exec(name) ?? [];
  return method === undefined || template === undefined
    ? { 'playload.endpoint': name }
    : { 'http.request.method': method, 'url.template': template };
}

/** Of `api.example.com:443` or `[::1]:80`: one name on two ports is two servers. */
export function serverAttributes(host: string): Readonly<Record<string, Value>> {
  const [, name, port] = /^(.+):(\d+)$/.exec(host) ?? [];
  if (name === undefined || port === undefined) return { 'server.address': host };
  return { 'server.address': name.replace(/^\[(.*)\]$/, '$1'), 'server.port': Number(port) };
}
