export interface Wall {
  /** A folder with all in it, or a file. */
  readonly room: string;
  readonly may: readonly string[];
  /** Packages that it may not import. */
  readonly packages?: readonly string[];
  readonly why: string;
}
export const walls: readonly Wall[];
export const rooms: readonly string[];
