/**
 * A route as the user names it: `/shop/:slug`, `/files/*`. A parameter is one segment of a path; `*` is one too, and at
 * the end all the rest.
 */
import { shownSegment } from './shown-path.ts';

const anything = Symbol('any segment');
type Segment = string | typeof anything;

export class RoutePattern {
  /** As it was given: what the row is called. */
  readonly route: string;
  readonly #segments: readonly Segment[];
  /** Whether it ends in `*`, which is not among its segments. */
  readonly #isOpen: boolean;

  constructor(route: string) {
    this.route = route;
    const segments = segmentsOf(new URL(`http://h${route}`).pathname);
    this.#isOpen = segments.at(-1) === '*';
    const own = this.#isOpen ? segments.slice(0, -1) : segments;
    this.#segments = own.map((segment) => (segment === '*' || segment.startsWith(':') ? anything : segment));
  }

  fits(segments: readonly string[]): boolean {
    return this.#takes({ segments, isOpen: false });
  }

  /** Whether it fits whatever the other fits. */
  covers(other: RoutePattern): boolean {
    return this.#takes({ segments: other.#segments, isOpen: other.#isOpen });
  }

  #takes({ segments, isOpen }: { segments: readonly Segment[]; isOpen: boolean }): boolean {
    const mine = this.#segments;
    const isAsLong = this.#isOpen ? segments.length + (isOpen ? 1 : 0) > mine.length : segments.length === mine.length;
    if (!isAsLong || (isOpen && !this.#isOpen)) return false;
    return mine.every((segment, at) => (segment === anything ? segments[at] !== '' : segment === segments[at]));
  }
}

/** Each as it is shown. */
export function segmentsOf(path: string): string[] {
  return path.replace(/^\//, '').split('/').map(shownSegment);
}
