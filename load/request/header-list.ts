/**
 * Headers as a flat list, name and value by turns, as they go over the wire: order and letter case are kept, a name may
 * occur twice.
 */
export type HeaderList = string[];

export function findHeader(list: readonly string[], name: string): number {
  const { length } = name;
  for (let at = 0; at < list.length; at += 2) {
    const one = list[at];
    if (one?.length === length && (one === name || one.toLowerCase() === name.toLowerCase())) return at;
  }
  return -1;
}

export function getHeader(list: readonly string[], name: string): string | undefined {
  const at = findHeader(list, name);
  return at === -1 ? undefined : list[at + 1];
}

/** All values of a name. */
export function headerValues(list: readonly string[], name: string): string[] {
  return list.filter((_, at) => at % 2 === 1 && list[at - 1]?.toLowerCase() === name);
}

/** All values of a name as one list (RFC 9110, 5.3); undefined where it does not occur. */
export function joinedHeader(list: readonly string[], name: string): string | undefined {
  return findHeader(list, name) === -1 ? undefined : headerValues(list, name).join(', ');
}

/** Replaces the value and keeps the name as it was first written. */
export function setHeader(list: HeaderList, name: string, value: string): void {
  const at = findHeader(list, name);
  if (at === -1) list.push(name, value);
  else list[at + 1] = value;
}

export function addMissingHeader(list: HeaderList, name: string, value: string): void {
  if (findHeader(list, name) === -1) list.push(name, value);
}

export function removeHeader(list: HeaderList, name: string): void {
  const at = findHeader(list, name);
  if (at !== -1) list.splice(at, 2);
}

/** Names in lower case; values of one name joined by a comma, cookies by a line break, as Playwright's `headers()`. */
export function headerRecord(list: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) {
    const name = (list[at] ?? '').toLowerCase();
    const value = list[at + 1] ?? '';
    const before = Object.hasOwn(record, name) ? record[name] : undefined;
    const all = before === undefined ? value : `${before}${name === 'set-cookie' ? '\n' : ', '}${value}`;
    if (name !== '__proto__') record[name] = all;
    else Object.defineProperty(record, name, { value: all, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
