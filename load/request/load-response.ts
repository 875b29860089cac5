/**
 * The response that a scenario gets, in the words of the newest Playwright: what an older one has no type for is written
 * out here, so that a spec compiles alike with each.
 */
import type { APIResponse } from '@playwright/test';
import type { SecurityDetails } from './connections/security-details.ts';

/** A parsed body has whatever type its reader says, as with `JSON.parse`. */
export type Json = ReturnType<typeof JSON.parse>;

/** Playwright's `APIResponse`, with the type of its body. */
export interface LoadResponse<Body = Json> extends Omit<
  APIResponse,
  'json' | 'securityDetails' | 'serverAddr' | 'timing'
> {
  /** The body, parsed. Rejects where it is no JSON. */
  json(): Promise<Body>;
  /** The TLS certificate of the server; `null` without TLS. */
  securityDetails(): Promise<SecurityDetails | null>;
  /** The address that answered. */
  serverAddr(): Promise<{ ipAddress: string; port: number } | null>;
  /** When each part of the call happened. With `transport: 'playwright'` it is there from Playwright 1.62 on. */
  timing(): ResponseTiming;
}

/** Moments of a call in milliseconds from `startTime`, which is milliseconds since 1970; -1 for what did not happen. */
export interface ResponseTiming {
  /** When the call began, in milliseconds since 1970. */
  startTime: number;
  /** The name of the host is looked up; -1 where it is known. */
  domainLookupStart: number;
  /** Its address is there; -1 where it was known. */
  domainLookupEnd: number;
  /** A connection is opened; -1 on one that was open. */
  connectStart: number;
  /** TLS is agreed on; -1 without it. */
  secureConnectionStart: number;
  /** The connection is ready; -1 on one that was open. */
  connectEnd: number;
  /** The request is sent. */
  requestStart: number;
  /** The first byte of the answer has come. */
  responseStart: number;
  /** The last byte of the answer has come. */
  responseEnd: number;
}
