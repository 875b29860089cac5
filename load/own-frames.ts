/**
 * Where a test has called us. A reader of an error wants the line of the spec, so the frames of this package go from the
 * stacks of what it throws; Playwright points at the first that is left.
 */

/** Lines of a stack, the innermost first: the caller's, none of ours. */
export type CallSite = readonly string[];

/** A place as Playwright writes it. */
export interface SpecLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where the call that is under way came from. */
export function callSite(): CallSite {
  return foreign(partsOf(new Error().stack).frames);
}

/** The place itself as a call site. */
export function siteOf({ file, line, column }: SpecLocation): CallSite {
  return [`    at ${file}:${line}:${column}`];
}

/** The innermost place of a call site; undefined where it has none that can be read. */
export function locationOf([innermost = '']: CallSite): SpecLocation | undefined {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(placeIn(innermost)) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** Takes our frames from the stack of an error and of its causes, in place. */
export function forgetOwnFrames(error: Error): void {
  const seen = new Set<Error>(); // an error may be the cause of its own cause
  for (let each: unknown = error; each instanceof Error && !seen.has(each); each = each.cause) {
    seen.add(each);
    const { head, frames } = partsOf(each.stack);
    setStack(each, [head, ...foreign(frames)]);
  }
}

/** One that is frozen keeps what it has. */
function setStack(error: Error, lines: readonly string[]): void {
  Reflect.set(error, 'stack', lines.join('\n'));
}

/** The error, pointing at code of its own test, or else at the call that it came of. */
export function pointedAt(error: unknown, site: CallSite): unknown {
  if (!(error instanceof Error)) return error;
  forgetOwnFrames(error);
  const { head, frames } = partsOf(error.stack);
  setStack(error, [head, ...frames, ...site.filter((frame) => !frames.includes(frame))]);
  return error;
}

/** A message may hold lines that look like frames: those of the stack are the last ones. */
function partsOf(stack = ''): { readonly head: string; readonly frames: readonly string[] } {
  const lines = stack.split('\n');
  const from = lines.findLastIndex((line) => !/^\s+at /.test(line)) + 1;
  return { head: lines.slice(0, from).join('\n'), frames: lines.slice(from) };
}

function foreign(frames: readonly string[]): string[] {
  return frames.filter((frame) => !isOwn(frame));
}

/** `/a/b.ts:1:2` of `    at f (/a/b.ts:1:2)`. */
function placeIn(frame: string): string {
  const place = frame.slice(frame.lastIndexOf(' (') + 1).trim();
  const address = place.startsWith('(') ? place.slice(1, -1) : place.replace(/^at (?:async )?/, '');
  return address.replace(/^file:\/\//, '');
}

let ownFolder: string | undefined;

/** Told by a stack, since this file is bundled into the page too, where no module has an address. */
function isOwn(frame: string): boolean {
  ownFolder ??= folderOf(placeIn(partsOf(new Error().stack).frames[0] ?? ''));
  const place = placeIn(frame);
  return ownFolder !== '' && place.startsWith(ownFolder) && !/\.(?:test|spec)\.[cm]?[jt]sx?:\d+:\d+$/.test(place);
}

function folderOf(place: string): string {
  return place.slice(0, Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
}
