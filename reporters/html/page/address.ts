/**
 * The address of what is looked at, in the fragment of the page's own: `#run=k3x9…&open=errors&sort=p95&verdict=failed`.
 * Whoever gets it sees the same.
 */

/** What is looked at below the table: by its id, an endpoint by its name. */
export interface Place {
  readonly kind: (typeof placeKinds)[number];
  readonly id: string;
}

const placeKinds = ['run', 'finding', 'endpoint'] as const;

/** What the table of runs shows, and in which order. */
export interface TableState {
  readonly sort?: Sort;
  readonly filter: string;
  readonly project: string;
  readonly tag: string;
  readonly verdict: string;
}

export interface Sort {
  readonly key: string;
  readonly rising: boolean;
}

export interface Address {
  readonly place?: Place;
  /** Parts that are not as they are by themselves: `errors` is open, `-errors` is closed. */
  readonly open: readonly string[];
  readonly table: TableState;
}

export const wholeTable: TableState = { filter: '', project: '', tag: '', verdict: '' };

/** Whatever is in it that is none of ours is left alone. */
export function parseAddress(hash: string): Address {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const kind = placeKinds.find((each) => asked.has(each));
  const sort = asked.get('sort');
  const [text, project, tag, verdict] = ['filter', 'project', 'tag', 'verdict'].map((name) => asked.get(name) ?? '');
  return {
    ...(kind !== undefined && { place: { kind, id: asked.get(kind) ?? '' } }),
    open: (asked.get('open') ?? '')
      .split(',')
      .filter((part) => part !== '')
      .map(decoded),
    table: {
      ...(sort !== null && { sort: { key: sort.replace(/,rising$/, ''), rising: sort.endsWith(',rising') } }),
      filter: text ?? '',
      project: project ?? '',
      tag: tag ?? '',
      verdict: verdict ?? '',
    },
  };
}

/** `#` and what differs from the first screen. */
export function formatAddress({ place, open, table }: Address): string {
  const { sort, filter, project, tag, verdict } = table;
  const parts: [string, string][] = [
    ...(place === undefined ? [] : [[place.kind, encoded(place.id)] as [string, string]]),
    ['open', open.map((part) => encoded(encoded(part).replaceAll(',', '%2C'))).join(',')],
    ['sort', sort === undefined ? '' : encoded(sort.key) + (sort.rising ? ',rising' : '')],
    ['filter', encoded(filter)],
    ['project', encoded(project)],
    ['tag', encoded(tag)],
    ['verdict', encoded(verdict)],
  ];
  return `#${parts.flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`])).join('&')}`;
}

/** Of a place alone, as a link carries it. */
export function addressOf(place: Place): string {
  return formatAddress({ place, open: [], table: wholeTable });
}

export function isSamePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a?.kind === b?.kind && a?.id === b?.id;
}

/** What people can still read, where a fragment may hold it (RFC 3986, 3.5). */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:2F|3A|40|2C)/g, (part) => decodeURIComponent(part));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand: a lone percent sign means itself
  }
}
