/**
 * One GET of a metrics page, with everything that can go wrong on the way: refused hosts, addresses that a name hides,
 * redirects (never followed), silence, pages without end, and pages without their end: what did not arrive whole is no page.
 * On Node's own client, since it tells the address before it connects.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemError } from '../../domain/problem.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';
import { Deadline } from '../deadline.ts';

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
  const deadline = new Deadline(timeoutMs, signal);
  try {
    allowed.assertUrl(url);
    const text = await readText(await open(url, guardedLookup(allowed, resolve), deadline.signal));
    deadline.signal.throwIfAborted(); // a body that ends with its connection ends quietly with ours, too
    return text;
  } catch (error) {
    if (error instanceof FetchError && error.kind !== 'upstream-cut-off') throw error;
    if (deadline.isOver)
      throw new FetchError('upstream-timeout', `no whole answer within ${timeoutMs} ms`, { cause: error });
    throw error instanceof FetchError ? error : asFetchError(error);
  } finally {
    deadline.end();
  }
}

function open(url: URL, lookup: LookupFunction, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // A connection of its own each time: a scrape every few seconds gains little from a pool, and a pool would keep the
    // address of a name longer than its DNS entry.
    const options = { agent: false, signal, lookup, headers: { accept: 'text/plain' } };
    // Who answers 101 ends the exchange without an answer and without an error, which no signal would end any more.
    request(url, options, resolve)
      .on('upgrade', (_, socket) => {
        socket.destroy();
        reject(new FetchError('upstream-bad-status', 'the metrics page answered 101 instead of 200'));
      })
      .on('error', reject)
      .end();
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
    for await (const chunk of plainBody(response)) {
      bytes += chunk.length;
      if (bytes > largestPageBytes) {
        throw new FetchError('upstream-too-large', `the metrics page has more than ${largestPageBytes} bytes`);
      }
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    assertWhole(response, text);
    return text;
  } finally {
    response.destroy();
  }
}

/** Engines are not asked to compress, but a proxy between may do it all the same. */
function plainBody(response: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new FetchError('bad-metrics-page', 'the metrics page is compressed in another way than gzip');
  return pipeline(response, createGunzip(), () => {}); // an error comes out of it, too
}

const openMetricsEnd = /(?:^|\n)# EOF\r?\n?$/;

/**
 * The answer must have told where it ends: by a length or a last chunk, which Node's client holds it to, or by OpenMetrics'
 * last line. A body that ends with its connection may end anywhere.
 */
function assertWhole({ headers }: IncomingMessage, text: string): void {
  const isOpenMetrics = headers['content-type']?.toLowerCase().startsWith('application/openmetrics-text') === true;
  const saysItsEnd = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (openMetricsEnd.test(text)) return;
  if (isOpenMetrics) throw new FetchError('upstream-cut-off', 'the OpenMetrics page has no `# EOF` at its end');
  if (!saysItsEnd)
    throw new FetchError(
      'upstream-cut-off',
      'the answer tells neither its length nor its end: it may have been cut off (expected `Content-Length` or chunks)',
    );
}

function asFetchError(error: unknown): FetchError {
  if (error instanceof ProblemError) return new FetchError('upstream-forbidden', error.message, { cause: error });
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || /^(?:HPE|Z)_/.test(code)) {
    return new FetchError('upstream-cut-off', `the answer broke off (${code})`, { cause: error });
  }
  return new FetchError('upstream-unreachable', `the metrics page can't be reached (${code})`, { cause: error });
}
