/**
 * One GET of a metrics page, with everything that can go wrong on the way: refused hosts, addresses that a name hides,
 * redirects (never followed), silence, pages without end. On Node's own client, since it tells the address before it
 * connects.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ProblemError } from '../../domain/problem.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';

/** 8 MiB: a page of a busy engine with many labels has a few hundred KiB. */
export const largestPageBytes = 8 * 1024 * 1024;

/** The page could not be had; `kind`, one of `upstream-…`, says where on the way it was lost. */
export class FetchError extends ProblemError {
  override readonly name = 'FetchError';
}

interface FetchOptions {
  readonly url: URL;
  readonly allowed: AllowedHosts;
  /** From the call to the last byte. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the system's resolver. */
  readonly resolve?: Resolve;
}

/** The text of the page. @throws {@link FetchError} */
export async function fetchPage({ url, allowed, timeoutMs, signal, resolve }: FetchOptions): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    allowed.assertUrl(url);
    const limit = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const response = await open(url, guardedLookup(allowed, resolve), limit);
    return await readText(response);
  } catch (error) {
    if (error instanceof FetchError) throw error;
    if (deadline.aborted)
      throw new FetchError('upstream-timeout', `no whole answer within ${timeoutMs} ms`, { cause: error });
    throw asFetchError(error);
  }
}

function open(url: URL, lookup: LookupFunction, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // A connection of its own each time: a scrape every few seconds gains little from a pool, and a pool would keep the
    // address of a name longer than its DNS entry.
    const options = { agent: false, signal, lookup, headers: { accept: 'text/plain' } };
    request(url, options, resolve).on('error', reject).end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  try {
    if (response.statusCode !== 200) {
      throw new FetchError(
        'upstream-bad-status',
        `the metrics page answered ${response.statusCode ?? 'nothing'} instead of 200`,
      );
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestPageBytes) {
        throw new FetchError('upstream-too-large', `the metrics page has more than ${largestPageBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}

function asFetchError(error: unknown): FetchError {
  if (error instanceof ProblemError) return new FetchError('upstream-forbidden', error.message, { cause: error });
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code.startsWith('HPE_')) {
    return new FetchError('upstream-cut-off', `the answer broke off (${code})`, { cause: error });
  }
  return new FetchError('upstream-unreachable', `the metrics page can't be reached (${code})`, { cause: error });
}
