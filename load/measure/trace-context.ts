/**
 * What a `traceparent` says (W3C Trace Context, https://www.w3.org/TR/trace-context/): which trace a request belongs to,
 * which span of it is its caller, and whether the trace is recorded. Runs in a browser too.
 */

/** Where a request stands in a distributed trace, as its `traceparent` said (W3C Trace Context, 3.2). */
export interface TraceContext {
  /** 32 hexadecimal digits, the same in all services that the request goes through. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the request's own span, the parent of the server's. */
  readonly spanId: string;
  /** Whether those who trace by the caller's wish record it. */
  readonly sampled: boolean;
}

const form = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const onlyZeros = /^0+$/;
/** No part of a field's value (RFC 9110, 5.5). */
const outerSpace = /^[ \t]+|[ \t]+$/g;

/** Undefined for what is no `traceparent`: receivers ignore it. Of a later version its known part holds (3.2.4). */
export function traceContextOf(traceparent: string): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(traceparent.replace(outerSpace, '')) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (onlyZeros.test(traceId) || onlyZeros.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** `trace 4bf92f…`, which is nowhere to be found where it was not sampled. */
export function traceWords({ traceId, sampled }: TraceContext): string {
  return `trace ${traceId}${sampled ? '' : ', not sampled'}`;
}
