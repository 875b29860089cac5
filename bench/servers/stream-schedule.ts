/** When the seeded streams send, for the server that does and the bench that looks. */
export const schedule = {
  firstMs: 200,
  gapMs: 50,
  /** The first, and ten gaps. */
  events: 11,
  /** One gap in so many is longer by `stallMs`. */
  stallShare: 1 / 20,
  stallMs: 1_000,
  /** A stream that is cut has so many events. */
  cutAfter: 5,
  isCut: (n: number): boolean => n % 50 === 0,
} as const;

/** What the server says that it did. */
export interface StreamLog {
  readonly n: number;
  readonly isCut: boolean;
  firstMs: number;
  readonly gapsMs: number[];
  /** All that it sent of the body, base64. */
  bytes: string;
}
